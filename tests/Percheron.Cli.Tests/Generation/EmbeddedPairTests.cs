using System.Text.Json.Nodes;
using Percheron.Cli.Commands;
using Percheron.Cli.Tests.Support;
using Percheron.Decoding;
using Xunit;

namespace Percheron.Cli.Tests.Generation;

/// <summary>The promise, on the real model that is shipped: the same bytes whoever drafts, at any temperature and for any number of threads.</summary>
public class EmbeddedPairTests
{
    private static readonly string Models = Path.Combine(AppContext.BaseDirectory, "models");

    // What was trained for this target and lies beside it.
    private static readonly string[] Committed = [.. Examples.Of(Models)];

    private static readonly string[] Together =
        ["fallback(suffix, model)", "model(length=learned)", "union(suffix-tree, eagle3)", "horizontal(mtp, suffix)", "staged(pard, guesses=6)", "eagle2(width=3)", "hydra(width=3, tree=top-k)"];

    public static TheoryData<string> Drafters => [.. new Catalog().Drafters.SelectMany(d => d.Examples).Concat(Together).Distinct()];

    [Theory]
    [MemberData(nameof(Drafters))]
    public void Every_drafter_says_what_plain_decoding_says(string drafter)
    {
        using TinyCorpus corpus = new(model: null, Models);
        using TinyTrained trained = new(Path.Combine(Models, "percheron-docs-q8_0.gguf"), Path.Combine(Models, "percheron-docs-draft-q8_0.gguf"));
        drafter = corpus.Give(drafter);
        if (!Committed.Contains(drafter)) drafter = trained.Give(drafter);
        foreach (string temperature in new[] { "0", "0.8" })
        {
            string plain = Text(["--drafter", "none", "-t", "1", "--temperature", temperature]);
            foreach (string threads in new[] { "1", "2" })
            {
                string[] options = ["--drafter", drafter, "-t", threads, "--temperature", temperature];
                Assert.Equal(plain, Text(options));
            }
        }
    }

    private static string Text(string[] options)
    {
        JsonNode json = Run.Of(["generate", GenerateCommand.ExamplePrompt, "-n", "64", "--ignore-eos", "--seed", "7", "--json", .. options], models: Models).Json;
        Assert.Equal(64, json["tokens"]!.AsArray().Count);
        return json["tokens"]!.ToJsonString() + json["text"];
    }
}
