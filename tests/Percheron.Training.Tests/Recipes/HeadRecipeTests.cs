using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Formats;
using Percheron.Models;
using Percheron.Training.Corpus;
using Percheron.Training.Evaluation;
using Percheron.Training.Export;
using Percheron.Training.Nets;
using Percheron.Training.Recipes;
using Percheron.Training.Runs;
using Percheron.Training.Tests.Support;
using Xunit;
using static TorchSharp.torch;

namespace Percheron.Training.Tests.Recipes;

public class HeadRecipeTests
{
    [TorchFact]
    public void A_drafter_is_a_network_an_objective_and_a_recipe()
    {
        using var folder = new Folder();
        using var model = new LlamaNet(Small.Shape, 3, ScalarType.Float32);
        GgufModel.Write(folder.File("target.gguf"), model, Small.Vocabulary(), TensorType.F32, "Small");
        using var target = new TargetHead(folder.File("target.gguf"), ScalarType.Float32);
        var stream = new RowStream(new EncodedCorpus(Small.Documents, Small.Vocabulary()).Train, Small.Shape.Context, 7);
        var rows = new RowsWithStates(model, new DocumentRows(stream, [stream.Row(0).ToArray()]));
        RecipeJob Job(long steps, string output) => new("tiny", target, rows, new RunOptions { Steps = steps, Threads = 2, EvaluateEvery = 1 }, new RunFolder(folder.Path), folder.File(output), 5);

        Assert.Equal(0, new TinyRecipe().Train(Job(1, "one.gguf")));
        double early = Checkpoint.Header<RunState>(new RunFolder(folder.Path).Best).BestLoss;
        Assert.Equal(0, new TinyRecipe().Train(Job(12, "twelve.gguf")));
        Assert.True(Checkpoint.Header<RunState>(new RunFolder(folder.Path).Best).BestLoss < early);

        using TinyHead fresh = new(target, 5), back = new(target, 6);
        HeadFile.Read(folder.File("twelve.gguf"), back);
        Assert.Equal(Values(fresh, "table.weight"), Values(back, "table.weight"));
        Assert.NotEqual(Values(fresh, "mix.weight"), Values(back, "mix.weight"));
        // Nothing touches it: a gradient of zero moves nothing.
        Assert.Equal(Values(fresh, "untouched.weight"), Values(back, "untouched.weight"));
        using GgufFile file = GgufFile.Open(folder.File("twelve.gguf"));
        Assert.Equal(("tiny", Small.Shape.Layers, TensorType.F32), (file.GetString("general.architecture"), file.GetInt32("percheron.target.block_count"), file.Tensor("mix.weight").Type));
    }

    [TorchFact]
    public void A_frozen_tensor_is_in_no_checkpoint_and_has_no_gradient()
    {
        using var folder = new Folder();
        using var model = new LlamaNet(Small.Shape, 3, ScalarType.Float32);
        GgufModel.Write(folder.File("target.gguf"), model, Small.Vocabulary(), TensorType.F32, "Small");
        using var target = new TargetHead(folder.File("target.gguf"), ScalarType.Float32);
        using var net = new TinyHead(target, 1);
        using TinyHead replica = net.Replica();
        Assert.Equal(["mix.weight", "untouched.weight"], RunFolder.Parameters(net).Select(p => p.Name));
        foreach (TinyHead one in (TinyHead[])[net, replica])
            Assert.Equal([false, true, true], one.Tensors.Values.Select(tensor => tensor.requires_grad));
        Assert.Equal(2 * 64 * 64 + 64, net.Parameters);
    }

    [TorchFact]
    public void The_frozen_head_gives_the_laws_of_the_target()
    {
        using var folder = new Folder();
        using var model = new LlamaNet(Small.Shape, 3, ScalarType.Float32);
        GgufModel.Write(folder.File("target.gguf"), model, Small.Vocabulary(), TensorType.F32, "Small");
        using var target = new TargetHead(folder.File("target.gguf"), ScalarType.Float32);
        Assert.Equal(model.Shape, target.Shape);
        using IDisposable fixedValues = no_grad();
        Tensor tokens = randint(0, Small.Shape.Vocab, [2, 9], ScalarType.Int64);
        Tensor hidden = model.Hidden(tokens);
        Assert.True(target.Law(hidden).Equals(nn.functional.log_softmax(model.Logits(hidden), -1)));
        Assert.True(target.Embed(tokens).view(-1, Small.Shape.Width).Equals(model.Embed(tokens)));
        Assert.Equal([2L, 9L, 64L], target.Embed(tokens).shape);
    }

    [TorchFact]
    public void The_criterion_measures_the_exported_file_and_the_card_hears_of_the_run()
    {
        using var folder = new Folder();
        using var model = new LlamaNet(Small.Shape, 3, ScalarType.Float32);
        GgufModel.Write(folder.File("target.gguf"), model, Small.Vocabulary(), TensorType.F32, "Small");
        using var target = new TargetHead(folder.File("target.gguf"), ScalarType.Float32);
        var stream = new RowStream(new EncodedCorpus(Small.Documents, Small.Vocabulary()).Train, Small.Shape.Context, 7);
        var rows = new RowsWithStates(model, new DocumentRows(stream, [stream.Row(0).ToArray()]));
        using var measure = new AcceptanceMeasure(folder.File("target.gguf"), [[0, 70, 71]], tokens: 5, threads: 1);
        var runs = new RunFolder(folder.Path);
        (long Parameters, RunState? State) made = default;
        var job = new RecipeJob("tiny", target, rows, new RunOptions { Steps = 2, Threads = 1, EvaluateEvery = 1 }, runs, folder.File("out.gguf"), 5) { Acceptance = measure, Made = (parameters, _, state) => made = (parameters, state) };
        Assert.Equal(0, new TinyRecipe().Train(job));
        // A drafter that proposes nothing wins nothing, so the first parameters stay the best.
        Assert.Equal((8256L, 1.0, 1L), (made.Parameters, made.State!.BestScore, made.State.BestStep));
        Assert.True(File.Exists(runs.Trial));
    }

    private static float[] Values(Net net, string name) => net.Tensors[name].data<float>().ToArray();

    private sealed class TinyRecipe : HeadRecipe<TinyHead>
    {
        public override IReadOnlyList<int> States(LlamaShape target) => [target.Layers + 1];

        public override TinyHead Create(TargetHead target, ulong seed) => new(target, seed);

        public override IObjective<TinyHead> Objective(TargetHead target) => new TinyHead.Objective(target.LastState);

        public override void Export(TinyHead net, TargetHead target, string path) => HeadFile.Write(path, net, target, "tiny", TensorType.F32, writer => writer.Add("tiny.depth", 1u));

        public override Drafter Drafter(Transformer target, string path) => new NoneDrafter();

        public override string Spec(string path) => $"tiny(@{path})";
    }
}
