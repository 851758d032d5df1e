using Percheron.Training.Evaluation;
using Percheron.Training.Nets;
using Percheron.Training.Tests.Support;
using Percheron.Training.Tokens;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Percheron.Training.Tests.Evaluation;

public class HeldOutReaderTests
{
    [TorchFact]
    public void Sums_equal_those_of_each_document_alone()
    {
        BpeVocabulary vocabulary = Small.Vocabulary();
        using var target = new LlamaNet(Small.Shape, 1, ScalarType.Float32);
        using var draft = new LlamaNet(Small.Shape with { Layers = 1 }, 2, ScalarType.Float32);
        int newline = BpeVocabulary.FirstByte + '\n';
        int[][] documents = [[0, 60, 61, newline, 62, 63, 64], [0, 70, newline, 71], [0, 80, 81]];
        HeldOutMeasure sums = new HeldOutReader(target, draft, vocabulary).Measure(documents);
        Assert.Equal(6 + 3 + 2, sums.Tokens);
        Assert.Equal(3 + 1, sums.CommentTokens);

        using DisposeScope scope = NewDisposeScope();
        using IDisposable fixedValues = no_grad();
        double loss = 0, accepted = 0, agreed = 0;
        foreach (int[] document in documents)
        {
            Tensor tokens = tensor(document.Select(id => (long)id).ToArray(), 1, document.Length);
            float[][] p = Laws(target, tokens), q = Laws(draft, tokens);
            bool comment = false;
            for (int i = 0; i + 1 < document.Length; i++)
            {
                loss -= Math.Log(p[i][document[i + 1]]);
                comment |= document[i] == newline;
                if (!comment) continue;
                accepted += p[i].Zip(q[i], Math.Min).Sum();
                agreed += Array.IndexOf(p[i], p[i].Max()) == Array.IndexOf(q[i], q[i].Max()) ? 1 : 0;
            }
        }
        Assert.Equal(loss, sums.Loss, 1e-3);
        Assert.Equal(accepted / 4, sums.Acceptance, 1e-4);
        Assert.Equal(agreed / 4, sums.GreedyAgreement, 1e-9);
    }

    [TorchFact]
    public void A_draft_equal_to_its_target_is_accepted_always()
    {
        using var net = new LlamaNet(Small.Shape, 1, ScalarType.Float32);
        HeldOutMeasure sums = new HeldOutReader(net, net, Small.Vocabulary()).Measure([[0, BpeVocabulary.FirstByte + '\n', 5, 6, 7]]);
        Assert.Equal(1, sums.Acceptance, 1e-5);
        Assert.Equal(1, sums.GreedyAgreement);
    }

    private static float[][] Laws(LlamaNet net, Tensor tokens)
    {
        float[] all = nn.functional.softmax(net.Logits(net.Hidden(tokens)), -1).data<float>().ToArray();
        return [.. all.Chunk(net.Shape.Vocab)];
    }
}
