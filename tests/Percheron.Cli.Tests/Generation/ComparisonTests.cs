using System.Text.Json.Nodes;
using Percheron.Cli.Generation;
using Percheron.Cli.Tests.Support;
using Percheron.Decoding;
using Xunit;

namespace Percheron.Cli.Tests.Generation;

public class ComparisonTests
{
    // Every drafter there is, as its own examples write it.
    public static TheoryData<string, string, string> Cases
    {
        get
        {
            TheoryData<string, string, string> cases = [];
            foreach (string drafter in new Catalog().Drafters.SelectMany(d => d.Examples).Append("fallback(suffix, model(depth=2))"))
            {
                cases.Add(drafter, "coupled", "0");
                cases.Add(drafter, "coupled", "0.8");
                cases.Add(drafter, "speculative-sampling", "0");
                cases.Add(drafter, "block", "0");
            }
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Speculation_is_byte_identical(string drafter, string verifier, string temperature)
    {
        using TinyModel target = new(), draft = new(seed: 2);
        using TinyCorpus corpus = new(target.Path);
        using TinyTrained trained = new(target.Path, draft.Path);
        drafter = trained.Give(corpus.Give(drafter));
        JsonNode json = Run.Of(
            "generate", "--compare", "--repeats", "2", "-m", target.Path, "-md", draft.Path, "abc the", "-n", "50", "--ignore-eos", "--seed", "11",
            "--drafter", drafter, "--verifier", verifier, "--temperature", temperature, "--json").Json;
        Assert.True((bool)json["identical"]!);
        Assert.Equal(50, json["tokens"]!.AsArray().Count);
        Assert.Equal((Spec.Parse(drafter).ToString(), 2), ((string?)json["drafter"], (int)json["repeats"]!));
        Assert.True((double)json["ratio"]! > 0);
        Assert.Equal(0, (int)json["plain"]!["offered"]!);
    }

    [Fact]
    public void The_text_goes_to_stdout_and_the_verdict_to_stderr()
    {
        using TinyModel target = new();
        string[] options = ["-m", target.Path, "abc the", "-n", "30", "--seed", "11", "--drafter", "ngram"];
        Run compared = Run.Of(["generate", "--compare", .. options]);
        Assert.Equal(0, compared.Code);
        Assert.Equal(Run.Of(["generate", .. options]).Output, compared.Output);
        Assert.Contains("identical", compared.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("speculative-sampling")]
    [InlineData("typical-acceptance")]
    public void A_difference_is_exit_code_1_and_names_the_verifier(string verifier)
    {
        using TinyModel target = new(), draft = new(seed: 2);
        Run run = Run.Of(
            "generate", "--compare", "--repeats", "1", "-m", target.Path, "-md", draft.Path, "abc", "-n", "60", "--ignore-eos", "--seed", "11",
            "--drafter", "model", "--verifier", verifier, "--temperature", "2", "--json");
        Assert.Equal(1, run.Code);
        Assert.False((bool)JsonNode.Parse(run.Output)!["identical"]!);
        Assert.StartsWith("percheron: the output differs", run.Error, StringComparison.Ordinal);
        Assert.Contains($"verifier {verifier} does not promise", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3.0, 1.0, 5.0, 3.0, 2.0, 4.0)]
    [InlineData(2.5, 4.0, 1.0, 2.0, 3.0)]
    [InlineData(0.0)]
    public void Median_is_the_middle(double expected, params double[] values) => Assert.Equal(expected, Comparison.Median(values));
}
