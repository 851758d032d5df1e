using Percheron.Formats;
using Percheron.Models;
using Percheron.Training.Corpus;
using Percheron.Training.Export;
using Percheron.Training.Nets;
using Percheron.Training.Recipes;
using Percheron.Training.Runs;
using Xunit;
using static TorchSharp.torch;

namespace Percheron.Training.Tests.Support;

/// <summary>A whole run of a recipe, small enough for a test.</summary>
internal static class SmallRun
{
    /// <summary>Fails unless a few steps of the recipe lower the held-out loss and what it exports is a drafter's file.</summary>
    public static void LowersTheLossAndDrafts(string spec, int steps)
    {
        using var folder = new Folder();
        LlamaShape shape = Small.Shape with { Layers = 4 };
        using var model = new LlamaNet(shape, 3, ScalarType.Float32);
        string path = folder.File("small-q8_0.gguf");
        GgufModel.Write(path, model, Small.Vocabulary(), TensorType.F32, "Small");
        using (var draft = new LlamaNet(shape with { Layers = 1 }, 4, ScalarType.Float32)) GgufModel.Write(folder.File("small-draft-q8_0.gguf"), draft, Small.Vocabulary(), TensorType.F32, "Small draft");
        // In the type that real runs compute in.
        using var target = new TargetHead(path, ScalarType.BFloat16);
        var stream = new RowStream(new EncodedCorpus(Small.Documents, Small.Vocabulary()).Train, shape.Context, 7);
        var rows = new RowsWithStates(model, new DocumentRows(stream, [stream.Row(0).ToArray()]));
        Recipe recipe = RecipeBook.Find(spec);
        RecipeJob Job(long steps) => new("head", target, rows, new RunOptions { Steps = steps, Threads = 2, EvaluateEvery = 1 }, new RunFolder(folder.Path), folder.File("head.gguf"), 5);
        Assert.Equal(0, recipe.Train(Job(1)));
        double early = Checkpoint.Header<RunState>(new RunFolder(folder.Path).Best).BestLoss;
        Assert.Equal(0, recipe.Train(Job(steps)));
        Assert.True(Checkpoint.Header<RunState>(new RunFolder(folder.Path).Best).BestLoss < early);

        using GgufFile file = GgufFile.Open(path);
        using var runtime = Transformer.Load(file, new ModelOptions { Threads = 1 });
        Assert.NotNull(recipe.Drafter(runtime, folder.File("head.gguf")));
    }
}
