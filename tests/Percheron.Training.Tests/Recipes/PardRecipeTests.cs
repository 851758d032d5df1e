using Percheron.Formats;
using Percheron.Models;
using Percheron.Models.Heads;
using Percheron.Training.Corpus;
using Percheron.Training.Export;
using Percheron.Training.Nets;
using Percheron.Training.Recipes;
using Percheron.Training.Runs;
using Percheron.Training.Tests.Support;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Percheron.Training.Tests.Recipes;

/// <summary>Parallel drafts and acceptance heads from their training to the runtime.</summary>
public class PardRecipeTests
{
    [TorchFact]
    public void Masks_are_answered_as_in_training()
    {
        const int Depth = 4, Time = 20;
        LlamaShape shape = Small.Shape with { Width = 256, FeedForward = 256, HeadSize = 32, Context = 64 };
        using var folder = new Folder();
        using (var fresh = new LlamaNet(shape, 6, ScalarType.Float32)) GgufModel.Write(folder.File("target.gguf"), fresh, Small.Vocabulary(), TensorType.F32, "Small");
        using var target = new TargetHead(folder.File("target.gguf"), ScalarType.Float32);
        var recipe = new PardRecipe(Depth, fresh: true);
        using PardNet net = new(shape, 8, ScalarType.Float32);
        using DisposeScope scope = NewDisposeScope();
        using IDisposable fixedValues = no_grad();
        foreach (Tensor tensor in net.Tensors.Values.Where(tensor => tensor.dim() == 2)) tensor.mul_(3);
        recipe.Export(net, target, folder.File("pard.gguf"), TensorType.F32);

        long[] tokens = [0, .. Enumerable.Range(1, Time - 1).Select(i => (long)(i * 7 % shape.Vocab))];
        // The masks stand behind the last token and see everything before them: an ordinary causal mask.
        Tensor all = arange(Time + Depth - 1, ScalarType.Int64), causal = full([1, 1, Time + Depth - 1, Time + Depth - 1], float.NegativeInfinity).triu(1);
        Tensor hidden = net.Hidden(tensor(tokens, 1, Time), all, causal);
        float[][] expected = [.. net.Logits(hidden.narrow(1, Time - 1, Depth)).data<float>().ToArray().Chunk(shape.Vocab)];

        using GgufFile file = GgufFile.Open(folder.File("pard.gguf"));
        using var model = Transformer.Load(file, new ModelOptions { Threads = 1, CacheType = CacheType.F32 });
        ParallelModel parallel = ParallelModel.Load(file, model);
        Assert.Equal(Depth, parallel.MaxDepth);
        using KvCache cache = parallel.NewCache();
        Rows rows = new();
        rows.Reset(cache);
        for (int i = 0; i < Time; i++) rows.Add((int)tokens[i], i - 1, logits: i == Time - 1);
        parallel.Forward([rows]);
        Near(expected[0], rows.Logits(Time - 1));
        for (int guess = 1; guess < Depth; guess++)
        {
            rows.Reset(cache);
            rows.Add(5, Time + guess - 2, logits: true);
            parallel.Forward([rows]);
            Near(expected[guess], rows.Logits(0));
        }
    }

    [TorchTheory]
    [InlineData("pard(depth=3)")]
    [InlineData("pard(depth=4, fresh=true)")]
    [InlineData("acceptance")]
    public void A_run_lowers_the_loss(string spec)
    {
        using var folder = new Folder();
        using var model = new LlamaNet(Small.Shape, 3, ScalarType.Float32);
        GgufModel.Write(folder.File("small-q8_0.gguf"), model, Small.Vocabulary(), TensorType.F32, "Small");
        using (var draft = new LlamaNet(Small.Shape with { Layers = 1 }, 4, ScalarType.Float32)) GgufModel.Write(folder.File("small-draft-q8_0.gguf"), draft, Small.Vocabulary(), TensorType.F32, "Small");
        using var target = new TargetHead(folder.File("small-q8_0.gguf"), ScalarType.Float32);
        var stream = new RowStream(new EncodedCorpus(Small.Documents, Small.Vocabulary()).Train, Small.Shape.Context, 7);
        var rows = new RowsWithStates(model, new DocumentRows(stream, [stream.Row(0).ToArray()]));
        Recipe recipe = RecipeBook.Find(spec);
        RecipeJob Job(long steps) => new("head", target, rows, new RunOptions { Steps = steps, Threads = 2, EvaluateEvery = 1 }, new RunFolder(folder.Path), folder.File("head.gguf"), 5);
        Assert.Equal(0, recipe.Train(Job(1)));
        double early = Checkpoint.Header<RunState>(new RunFolder(folder.Path).Best).BestLoss;
        Assert.Equal(0, recipe.Train(Job(10)));
        Assert.True(Checkpoint.Header<RunState>(new RunFolder(folder.Path).Best).BestLoss < early);
        if (spec == "acceptance") Assert.InRange(AcceptanceHead.Open(folder.File("head.gguf")).Chance(new float[AcceptanceHead.Inputs]), 0.01f, 0.99f);
        else using (GgufFile file = GgufFile.Open(folder.File("head.gguf"))) Assert.Contains(GgufModel.Read(folder.File("head.gguf"), ScalarType.Float32).Shape.Layers, new[] { 1 });
        if (spec == "pard(depth=3)")
        {
            using PardNet second = new PardRecipe(depth: 3, start: folder.File("head.gguf")).Create(target, 6);
            using GgufFile first = GgufFile.Open(folder.File("head.gguf"));
            foreach (string name in second.Tensors.Keys) Assert.Equal(first.ReadFloats(first.Tensor(name)), second.Tensors[name].data<float>().ToArray());
        }
        (recipe as IDisposable)?.Dispose();
    }

    [TorchFact]
    public void The_acceptance_head_answers_as_in_training()
    {
        using var folder = new Folder();
        using var model = new LlamaNet(Small.Shape, 3, ScalarType.Float32);
        GgufModel.Write(folder.File("target.gguf"), model, Small.Vocabulary(), TensorType.F32, "Small");
        using var target = new TargetHead(folder.File("target.gguf"), ScalarType.Float32);
        using var net = new AcceptanceNet(model, 2);
        using IDisposable fixedValues = no_grad();
        new AcceptanceRecipe().Export(net, target, folder.File("acceptance.gguf"));
        AcceptanceHead head = AcceptanceHead.Open(folder.File("acceptance.gguf"));
        Tensor features = rand(6, AcceptanceHead.Inputs);
        float[] expected = net.Logits(features).sigmoid().data<float>().ToArray(), given = features.data<float>().ToArray();
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], head.Chance(given.AsSpan(i * AcceptanceHead.Inputs, AcceptanceHead.Inputs)), 1e-5);
    }

    private static void Near(float[] expected, ReadOnlySpan<float> actual)
    {
        float scale = expected.Max(Math.Abs);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 3e-4 * scale);
    }
}
