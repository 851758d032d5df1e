using Percheron.Drafters;
using Percheron.Formats;
using Percheron.Training.Corpus;
using Percheron.Training.Evaluation;
using Percheron.Training.Export;
using Percheron.Training.Nets;
using Percheron.Training.Tests.Support;
using Percheron.Training.Tokens;
using Xunit;
using static TorchSharp.torch;

namespace Percheron.Training.Tests.Evaluation;

public class AcceptanceMeasureTests
{
    [TorchFact]
    public void Nothing_wins_nothing_and_the_target_itself_everything()
    {
        using var folder = new Folder();
        BpeVocabulary vocabulary = Small.Vocabulary();
        foreach (ulong seed in (ulong[])[3, 4])
        {
            using var net = new LlamaNet(Small.Shape, seed, ScalarType.Float32);
            using (no_grad())
                foreach (Tensor matrix in net.Tensors.Values.Where(tensor => tensor.dim() == 2)) matrix.mul_(4);
            GgufModel.Write(folder.File($"{seed}.gguf"), net, vocabulary, TensorType.F32, "Small");
        }
        IReadOnlyList<int[]> prompts = new FirstLines(vocabulary).Spread(new EncodedCorpus(Small.Documents, vocabulary).Train, 6);
        Assert.Equal(6, prompts.Count);
        Assert.All(prompts, prompt => Assert.EndsWith("(System.Int32)\n", vocabulary.Decode(prompt), StringComparison.Ordinal));

        using var measure = new AcceptanceMeasure(folder.File("3.gguf"), [.. prompts.Select(prompt => prompt[..10])], tokens: 12, threads: 1);
        IReadOnlyList<AcceptanceAt> none = measure.Measure(_ => new NoneDrafter()), itself = measure.Measure(target => new ModelDrafter(target, depth: 3, confidence: 0));
        Assert.Equal([0, 1], none.Select(at => at.Temperature));
        Assert.All(none, at => Assert.Equal(1, at.AcceptedLength));
        Assert.Equal(1, AcceptanceMeasure.Score(none));
        // Twelve tokens of at most four a step; coupled noise makes the guess the answer.
        Assert.All(itself, at => Assert.Equal([1.0, 1.0, 1.0], at.ByDepth));
        Assert.All(itself, at => Assert.InRange(at.AcceptedLength, 2.5, 4));
        Assert.Equal(none.Select(at => at.Tokens), itself.Select(at => at.Tokens));

        // A target that was trained together with the drafter takes the place of the other.
        IReadOnlyList<AcceptanceAt> changed = measure.Measure(target => new ModelDrafter(measure.Target, depth: 3, confidence: 0), folder.File("4.gguf"));
        Assert.All(changed.Zip(itself), pair => Assert.True(pair.First.AcceptedLength < pair.Second.AcceptedLength));
    }
}
