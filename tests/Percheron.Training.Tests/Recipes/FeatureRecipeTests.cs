using Percheron.Formats;
using Percheron.Models;
using Percheron.Models.Heads;
using Percheron.Training.Export;
using Percheron.Training.Nets;
using Percheron.Training.Recipes;
using Percheron.Training.Runs;
using Percheron.Training.Tests.Support;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Percheron.Training.Tests.Recipes;

/// <summary>Networks that go on with the target's states, from their training to the runtime.</summary>
public class FeatureRecipeTests
{
    private const int Depth = 3;

    private static readonly LlamaShape Shape = Small.Shape with { Width = 256, FeedForward = 256, HeadSize = 32, Context = 64 };

    /// <summary>What training sees at pass j, position t, is what the runtime answers j rows behind the last state it was told, t rows into the text.</summary>
    [TorchTheory]
    [InlineData("eagle", TensorType.F32, 3e-4)]
    [InlineData("eagle", TensorType.Q8_0, 0.06)]
    [InlineData("mtp", TensorType.F32, 3e-4)]
    [InlineData("mtp that was a draft", TensorType.F32, 3e-4)]
    [InlineData("eagle3", TensorType.F32, 3e-4)]
    [InlineData("eagle3", TensorType.Q8_0, 0.06)]
    public void Passes_are_what_the_runtime_does(string kind, TensorType matrices, double tolerance)
    {
        using var folder = new Folder();
        using (var fresh = new LlamaNet(Shape, 6, ScalarType.Float32)) GgufModel.Write(folder.File("target.gguf"), Shaken(fresh), Small.Vocabulary(), TensorType.F32, "Small");
        using var target = new TargetHead(folder.File("target.gguf"), ScalarType.Float32);
        using LlamaNet model = GgufModel.Read(folder.File("target.gguf"), ScalarType.Float32);
        using (FeatureNet net = Shaken(Net(kind, target))) Export(net, target, folder.File("head.gguf"), matrices);
        using FeatureNet read = Net(kind, target);
        Training.Export.HeadFile.Read(folder.File("head.gguf"), read);

        long[] tokens = [0, .. Enumerable.Range(1, 24).Select(i => (long)(i * 7 % Shape.Vocab))];
        using DisposeScope scope = NewDisposeScope();
        using IDisposable fixedValues = no_grad();
        int[] states = kind == "eagle3" ? [0, 1] : [3];
        Batch batch = States(model, tokens);
        Tensor given = cat([.. states.Select(batch.State)], 2);
        var unrolling = new FeatureUnrolling(read, batch);
        float[][][] passes = new float[Depth][][];
        Tensor next = given;
        for (int pass = 0; pass < Depth; pass++)
        {
            next = unrolling.Next(unrolling.Behind(next));
            Tensor logits = read.Logits(next.view(-1, Shape.Width));
            passes[pass] = [.. logits.data<float>().ToArray().Chunk((int)logits.shape[1])];
        }

        using GgufFile file = GgufFile.Open(folder.File("target.gguf"));
        using var runtime = Transformer.Load(file, new ModelOptions { Threads = 1, CacheType = CacheType.F32 });
        using Models.Heads.HeadFile head = Models.Heads.HeadFile.Open(folder.File("head.gguf"), runtime);
        float[] told = given.contiguous().data<float>().ToArray();
        int[] known = read is Eagle3Net eagle3 ? [.. eagle3.Tokens] : [.. Enumerable.Range(0, Shape.Vocab)];
        float scale = passes[0].Max(row => row.Max(Math.Abs));
        Assert.True(scale > 0.5, $"the largest logit is {scale}");
        foreach (int root in new[] { 0, 1, 9, 20 })
        {
            float[][] answers = Runtime(head.Head, tokens, told, root);
            for (int pass = 0; pass < Depth; pass++)
                for (int i = 0; i < known.Length; i++) Assert.Equal(passes[pass][root + pass][i], answers[pass][known[i]], tolerance * scale);
        }
    }

    [TorchTheory]
    [InlineData("eagle")]
    [InlineData("hass(steps=2)")]
    [InlineData("mtp(steps=2)")]
    [InlineData("mtp(steps=1, tokens=true)")]
    [InlineData("mtp(steps=2, draft=true)")]
    [InlineData("mtp(steps=1, divergence=lk)")]
    [InlineData("eagle3(steps=3, vocabulary=100)")]
    [InlineData("eagle3(steps=1)")]
    public void A_run_lowers_the_loss_and_its_file_drafts(string spec)
    {
        SmallRun.LowersTheLossAndDrafts(spec, steps: 12);
    }

    [TorchFact]
    public void A_module_that_begins_as_a_draft_says_what_the_draft_says()
    {
        using var folder = new Folder();
        using (var fresh = new LlamaNet(Shape, 6, ScalarType.Float32)) GgufModel.Write(folder.File("target.gguf"), fresh, Small.Vocabulary(), TensorType.F32, "Small");
        using var target = new TargetHead(folder.File("target.gguf"), ScalarType.Float32);
        using var draft = new LlamaNet(Shape with { Layers = 1, FeedForward = 128 }, 9, ScalarType.Float32);
        using var net = new EagleNet(target, draft);
        using DisposeScope scope = NewDisposeScope();
        using IDisposable fixedValues = no_grad();
        var batch = new Batch(tensor([.. Enumerable.Range(1, 25).Select(i => (long)(i * 7 % Shape.Vocab))], 1, 25), zeros([1, 1], ScalarType.Int32), Key: null);
        Tensor states = ones([1, batch.Time, Shape.Width]), expected = draft.Logits(draft.Hidden(batch.Inputs));
        var unrolling = new FeatureUnrolling(net, batch);
        for (int pass = 0; pass < 3; pass++)
        {
            states = unrolling.Next(unrolling.Behind(states));
            Assert.True(allclose(net.Logits(states.view(-1, Shape.Width)), expected, 1e-4, 1e-5));
        }
        using var wide = new LlamaNet(Shape with { Width = 64, HeadSize = 16, FeedForward = 96 }, 9, ScalarType.Float32);
        Assert.Contains("a module that begins as a draft", Assert.Throws<InvalidDataException>(() => new EagleNet(target, wide)).Message, StringComparison.Ordinal);
    }

    private static FeatureNet Net(string kind, TargetHead target)
    {
        LlamaShape layer = target.Shape with { Layers = 1, FeedForward = 128 };
        if (kind == "mtp that was a draft")
        {
            using var draft = new LlamaNet(layer, 9, ScalarType.Float32);
            var net = new EagleNet(target, draft);
            using IDisposable fixedValues = no_grad();
            using var generator = new Generator(9);
            net.Tensors["fc.weight"].add_(randn([layer.Width, layer.Width], generator: generator).mul_(0.1));
            return net;
        }
        return kind == "eagle3"
            ? new Eagle3Net(target, layer, 2, [.. Enumerable.Range(0, 100).Select(i => 3 * i)], 9, ScalarType.Float32)
            : new EagleNet(target, layer, predicts: kind == "mtp", 9, ScalarType.Float32);
    }

    // Fresh networks say little; larger weights and uneven norms show what is confused.
    private static TNet Shaken<TNet>(TNet net)
        where TNet : Net
    {
        using IDisposable fixedValues = no_grad();
        foreach ((string name, Tensor tensor) in net.Tensors)
        {
            if (tensor.dim() == 1) tensor.add_(arange(tensor.shape[0]).div(tensor.shape[0]).to(ScalarType.Float32));
            else if (name != "fc.weight") tensor.mul_(3);
        }
        return net;
    }

    private static void Export(FeatureNet net, TargetHead target, string path, TensorType matrices)
    {
        if (net is Eagle3Net eagle3) new Eagle3Recipe().Export(eagle3, target, path, matrices);
        else if (net is EagleNet { Predicts: true } mtp) new MtpRecipe().Export(mtp, target, path, matrices);
        else new EagleRecipe().Export((EagleNet)net, target, path, matrices);
    }

    private static Batch States(LlamaNet model, long[] tokens)
    {
        var batch = new Batch(tensor([.. tokens, 1L], 1, tokens.Length + 1), zeros([1, 1], ScalarType.Int32), Key: null);
        return RowsWithStates.Of(model, batch);
    }

    // The answers at the root and at the rows below it, when the target has read all before the root.
    private static float[][] Runtime(IHead head, long[] tokens, float[] told, int root)
    {
        using HeadCache cache = head.NewHeadCache();
        for (int position = 0; position < root; position++) told.AsSpan(position * cache.StateFloats, cache.StateFloats).CopyTo(cache.Tell(position));
        var rows = new Rows();
        rows.Reset(cache);
        for (int i = 0; i < root + Depth; i++) rows.Add((int)tokens[i], i - 1, logits: i >= root);
        Rows[] batch = [rows];
        head.Forward(batch);
        return [.. Enumerable.Range(root, Depth).Select(row => rows.Logits(row).ToArray())];
    }
}
