using Percheron.Cli.Generation;
using Percheron.Cli.Hosting;
using Percheron.Cli.Tests.Support;
using Percheron.Decoding;
using Percheron.Models;
using Percheron.Planning;
using Xunit;

namespace Percheron.Cli.Tests.Generation;

/// <summary>The promise on the models of pictures and speech that are shipped: the same codes whoever drafts and by whatever rule that shares the noise, guided or not.</summary>
public class EmbeddedCodesTests
{
    private static readonly string Models = Path.Combine(AppContext.BaseDirectory, "models");

    public static TheoryData<string, string> Families => new() { { EmbeddedModels.Pictures, "a red circle above a blue square" }, { EmbeddedModels.Speech, "seven three nine" } };

    [Theory]
    [MemberData(nameof(Families))]
    public void Every_lossless_pair_says_what_plain_decoding_says(string family, string condition)
    {
        EmbeddedModels models = new(Models, family);
        Assert.SkipUnless(File.Exists(models.Target) && File.Exists(models.Draft), $"'{Path.GetFileName(models.Target)}' and its draft are not among the models of this build.");
        using TinyCorpus corpus = new(models.Target, Models);
        using TinyTrained trained = new(models.Target, models.Draft);
        Catalog catalog = new();
        using ModelHost host = new(new ModelSettings(models.Target, models.Draft, Context: null, CacheType.Auto, Threads: 2), new Terminal(TextWriter.Null, TextWriter.Null) { ModelsFolder = Models });
        using CodeSession session = new(host, catalog, host.Codes!, models.Codec);
        bool speech = family == EmbeddedModels.Speech;
        string[] drafters = [.. catalog.Drafters.SelectMany(drafter => drafter.Examples).Distinct().Select(example => trained.Give(corpus.Give(example)))];
        string[] rules = [.. catalog.Verifiers.Where(verifier => verifier.Type.GetConstructors()[0].GetParameters().All(parameter => parameter.HasDefaultValue)).SelectMany(verifier => verifier.Examples).Where(rule => catalog.Verifier(rule, host) is { IsLossless: true, SharesNoise: true })];
        Assert.Contains("coupled", rules);
        foreach (float temperature in new[] { 0f, 1f })
        {
            GenerationRequest request = new()
            {
                Prompt = session.Prompt(condition), Sampling = SamplingSettings.Plain with { Temperature = temperature }, Seed = 5, MaxTokens = 48, IgnoreEos = !speech, Constraint = session.Constraint(ends: speech),
            };
            Generator generator = new(host, catalog, (_, _) => new FixedBudget(8));
            int[] plain = generator.Run(request, "none", "coupled").Tokens;
            foreach (string rule in rules)
                foreach (string drafter in drafters)
                    Assert.Equal(plain, generator.Run(request, drafter, rule).Tokens);
        }
    }
}
