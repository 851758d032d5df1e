using System.Text.Json.Nodes;
using Percheron.Cli.Tests.Support;
using Xunit;

namespace Percheron.Cli.Tests.Bench;

public sealed class AgainstRunnerTests : IDisposable
{
    private readonly string _prompts = Path.Combine(Path.GetTempPath(), $"percheron-prompts-{Guid.NewGuid():N}.txt");
    private readonly TinyModel _model = new();

    public AgainstRunnerTests() => File.WriteAllText(_prompts, "abc the\n");

    public void Dispose()
    {
        File.Delete(_prompts);
        _model.Dispose();
    }

    [Fact]
    public void Processes_are_paired_and_their_times_compared()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the other program is written for a shell");
        string seen = Path.ChangeExtension(_prompts, ".seen");
        JsonNode json = Bench("--against", $"cat {{prompt_file}} >> {seen}; echo ' {{n}} {{temperature}} {{seed}}' >> {seen}; sleep 0.01", "--drafters", "ngram").Json;
        Assert.Equal("abc the 8 0 7\nabc the 8 0 7\nabc the 8 0 7\n", File.ReadAllText(seen));
        File.Delete(seen);
        JsonNode row = json["rows"]![0]!;
        Assert.Equal(("wall_seconds", "ngram", 2), ((string?)json["measure"], (string?)row["drafter"], (int)row["pairs"]!));
        Assert.InRange((double)row["other"]!["median"]!, 0.01, 5);
        Assert.True((double)row["ratio"]!["lower_quartile"]! <= (double)row["ratio"]!["median"]! && (double)row["ratio"]!["median"]! <= (double)row["ratio"]!["upper_quartile"]!);
        // Whoever waits ten milliseconds ends before a process that loads a runtime and a model.
        Assert.True((double)row["ratio"]!["median"]! < 1);
    }

    [Fact]
    public void A_rate_is_picked_from_the_other_programs_output()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the other program is written for a shell");
        JsonNode json = Bench("--against", "echo 'prompt 900.5 tokens per second' >&2; echo 'eval 0.5 tokens per second' >&2", "--against-pattern", "([0-9.]+) tokens per second").Json;
        JsonNode row = json["rows"]![0]!;
        Assert.Equal(("tokens_per_second", 0.5), ((string?)json["measure"], (double)row["other"]!["median"]!));
        Assert.Equal((double)row["own"]!["median"]! / 0.5, (double)row["ratio"]!["median"]!, tolerance: 1e-6 * (double)row["ratio"]!["upper_quartile"]! + 2 * ((double)row["ratio"]!["upper_quartile"]! - (double)row["ratio"]!["lower_quartile"]!));
    }

    [Theory]
    [InlineData(1, "exit code 3; its last line: no such model", "echo no such model >&2; exit 3", null)]
    [InlineData(1, "exit code 127", "no-such-program-anywhere", null)]
    [InlineData(1, "finds nothing in what the other program wrote; its last line: hello", "echo hello", "([0-9]+) t/s")]
    [InlineData(1, "finds 'many'", "echo many t/s", "(\\w+) t/s")]
    [InlineData(2, "needs a group", "echo hello", "[0-9]+ t/s")]
    [InlineData(2, "not a regular expression", "echo hello", "([0-9]+")]
    public void Says_in_one_line_what_failed(int code, string message, string command, string? pattern)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the other program is written for a shell");
        Run run = Bench(["--against", command, .. pattern is null ? Array.Empty<string>() : ["--against-pattern", pattern]]);
        Assert.Contains(message, run.Fails(code), StringComparison.Ordinal);
    }

    [Fact]
    public void Our_own_failure_is_told_apart()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the other program is written for a shell");
        Run run = Run.Of("bench", "-m", "/no/such.gguf", "--prompt-file", _prompts, "--against", "true", "--repeats", "1");
        Assert.Contains("percheron generate ended with exit code 1", run.Fails(1), StringComparison.Ordinal);
    }

    private Run Bench(params string[] options) =>
        Run.Of(["bench", "-m", _model.Path, "--prompt-file", _prompts, "-n", "8", "--ignore-eos", "--repeats", "2", "--seed", "7", "--temperatures", "0", "--json", .. options]);
}
