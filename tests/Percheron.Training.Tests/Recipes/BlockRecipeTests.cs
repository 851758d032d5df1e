using Percheron.Formats;
using Percheron.Models;
using Percheron.Models.Heads;
using Percheron.Training.Export;
using Percheron.Training.Nets;
using Percheron.Training.Objectives;
using Percheron.Training.Recipes;
using Percheron.Training.Runs;
using Percheron.Training.Tests.Support;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Percheron.Training.Tests.Recipes;

/// <summary>Block drafts from their training to the runtime.</summary>
public class BlockRecipeTests
{
    private static readonly LlamaShape Shape = Small.Shape with { Width = 256, FeedForward = 256, HeadSize = 32, Context = 64, Layers = 4 };

    [TorchTheory]
    [InlineData("dflash", TensorType.F32, 3e-4)]
    [InlineData("dflash", TensorType.Q8_0, 0.06)]
    [InlineData("dspark", TensorType.F32, 3e-4)]
    [InlineData("dspark", TensorType.Q8_0, 0.06)]
    public void Blocks_are_what_the_runtime_does(string kind, TensorType matrices, double tolerance)
    {
        using var folder = new Folder();
        using (var fresh = new LlamaNet(Shape, 6, ScalarType.Float32)) GgufModel.Write(folder.File("target.gguf"), Shaken(fresh), Small.Vocabulary(), TensorType.F32, "Small");
        using var target = new TargetHead(folder.File("target.gguf"), ScalarType.Float32);
        using LlamaNet model = GgufModel.Read(folder.File("target.gguf"), ScalarType.Float32);
        BlockRecipe recipe = kind == "dflash" ? new DflashRecipe(rows: 5, inner: 128) : new DsparkRecipe(rows: 5, inner: 128, rank: 32);
        using (BlockNet net = Shaken(recipe.Create(target, 4))) recipe.Export(net, target, folder.File("head.gguf"), matrices);
        using BlockNet read = recipe.Create(target, 5);
        Training.Export.HeadFile.Read(folder.File("head.gguf"), read);

        long[] tokens = [0, .. Enumerable.Range(1, 40).Select(i => (long)(i * 7 % Shape.Vocab))];
        using DisposeScope scope = NewDisposeScope();
        using IDisposable fixedValues = no_grad();
        Batch batch = RowsWithStates.Of(model, new Batch(tensor(tokens, 1, tokens.Length), ones([1, 1], ScalarType.Int32), Key: null));
        Tensor states = cat([.. read.Plan.States.Select(batch.State)], 2);
        BlockPlaces places = BlockPlaces.In(batch, read.Plan, 4, ScalarType.Float32);
        Tensor guesses = read.Guesses(states, places), before = places.Before(batch);
        float[][] expected = [.. read.Logits(guesses, before).data<float>().ToArray().Chunk(Shape.Vocab)];
        float[] trust = kind == "dspark" ? read.Confidences(guesses, before).sigmoid().data<float>().ToArray() : [];
        long[] positions = places.Positions.data<long>().ToArray();
        float scale = expected.Max(row => row.Max(Math.Abs));
        Assert.True(scale > 0.5, $"the largest logit is {scale}");

        using GgufFile file = GgufFile.Open(folder.File("target.gguf"));
        using var runtime = Transformer.Load(file, new ModelOptions { Threads = 1, CacheType = CacheType.F32 });
        using Models.Heads.HeadFile head = Models.Heads.HeadFile.Open(folder.File("head.gguf"), runtime);
        float[] told = states.contiguous().data<float>().ToArray();
        for (int block = 0; block < places.Count; block++)
        {
            int anchor = (int)positions[block * read.Plan.Rows];
            using HeadCache cache = head.Head.NewHeadCache();
            for (int t = 0; t < anchor; t++) told.AsSpan(t * cache.StateFloats, cache.StateFloats).CopyTo(cache.Tell(t));
            Rows rows = new();
            rows.Reset(cache);
            for (int i = 0; i < anchor + read.Plan.Guesses; i++) rows.Add((int)tokens[i], i - 1, logits: i >= anchor);
            head.Head.Forward([rows]);
            for (int guess = 0; guess < read.Plan.Guesses; guess++)
            {
                for (int v = 0; v < Shape.Vocab; v++) Assert.Equal(expected[(block * read.Plan.Guesses) + guess][v], rows.Logits(anchor + guess)[v], tolerance * scale);
                if (kind == "dspark") Assert.Equal(trust[(block * read.Plan.Guesses) + guess], ((IConfident)head.Head).Confidence(cache, anchor + guess), tolerance * 3);
            }
        }
    }

    [TorchTheory]
    [InlineData("dflash(rows=4, inner=64, blocks=4)")]
    [InlineData("dspark(rows=3, inner=64, blocks=4, rank=16)")]
    public void A_run_lowers_the_loss_and_its_file_drafts(string spec)
    {
        SmallRun.LowersTheLossAndDrafts(spec, steps: 10);
    }

    [TorchFact]
    public void Temperatures_bring_claims_to_what_came_true()
    {
        Assert.Equal(0, ConfidenceTemperatures.Error([0.2, 0.8], [0.2, 0.8]));
        Assert.Equal(0.3, ConfidenceTemperatures.Error([0.9, 0.9], [0.5, 0.7]), 1e-9);
        // Errors within a bin cancel: on average the claim is right.
        Assert.Equal(0, ConfidenceTemperatures.Error([0.55, 0.55], [0, 1.1]), 1e-9);
    }

    // Fresh networks say little; larger weights and uneven norms show what is confused.
    private static TNet Shaken<TNet>(TNet net)
        where TNet : Net
    {
        using IDisposable fixedValues = no_grad();
        foreach ((string name, Tensor tensor) in net.Tensors)
        {
            if (name.EndsWith("norm.weight", StringComparison.Ordinal)) tensor.add_(arange(tensor.shape[0]).div(tensor.shape[0]).to(ScalarType.Float32));
            else if (name is "markov_out.weight" or "confidence.weight" or "confidence_before.weight") tensor.add_(arange(tensor.numel()).view(tensor.shape).sin().mul(0.1).to(ScalarType.Float32));
            else tensor.mul_(3);
        }
        return net;
    }
}
