using Percheron.Training.Corpus;
using Percheron.Training.Evaluation;
using Percheron.Training.Export;
using Percheron.Training.Nets;
using Percheron.Training.Tests.Support;
using Percheron.Training.Tokens;
using Xunit;
using static TorchSharp.torch;

namespace Percheron.Training.Tests.Export;

/// <summary>The models in models/ are what this trainer makes, and know the documentation they were never shown.</summary>
public class CommittedModelsTests
{
    private const string Target = "percheron-docs-q8_0.gguf", Draft = "percheron-docs-draft-q8_0.gguf";

    [TorchFact]
    public void Have_the_promised_shapes_and_size()
    {
        using LlamaNet target = GgufModel.Read(Committed(Target), ScalarType.Float32), draft = GgufModel.Read(Committed(Draft), ScalarType.Float32);
        Assert.Equal(LlamaShape.Target, target.Shape);
        Assert.Equal(LlamaShape.Draft, draft.Shape);
        Assert.Equal(GgufModel.ReadVocabulary(Committed(Target)).Text.Merges, GgufModel.ReadVocabulary(Committed(Draft)).Text.Merges);
        Assert.True(new FileInfo(Committed(Target)).Length + new FileInfo(Committed(Draft)).Length < 25_000_000);
    }

    [TorchFact]
    public void Predict_held_out_entries()
    {
        string root = DotnetDocumentation.FindRoot();
        Assert.SkipUnless(Directory.Exists(Path.Combine(root, "packs", "Microsoft.AspNetCore.App.Ref")), "this .NET installation has no targeting packs");
        BpeVocabulary vocabulary = GgufModel.ReadVocabulary(Committed(Target)).Text;
        Document[] sample = [.. DotnetDocumentation.Read(root).Where(document => document.IsHeldOut).Where((_, i) => i % 100 == 0)];
        using LlamaNet target = GgufModel.Read(Committed(Target), ScalarType.Float32), draft = GgufModel.Read(Committed(Draft), ScalarType.Float32);
        HeldOutMeasure measure = new HeldOutReader(target, draft, vocabulary).Measure(new EncodedCorpus(sample, vocabulary).HeldOut);
        Assert.InRange(measure.Perplexity, 1.5, 4);
        Assert.InRange(measure.Acceptance, 0.7, 1);
        Assert.InRange(measure.GreedyAgreement, 0.7, 1);
    }

    private static string Committed(string name)
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
            if (File.Exists(Path.Combine(at.FullName, "Percheron.slnx"))) return Path.Combine(at.FullName, "models", name);
        Assert.Skip("the tests do not run inside the checkout");
        return "";
    }
}
