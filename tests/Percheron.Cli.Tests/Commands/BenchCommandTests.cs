using System.Text.Json.Nodes;
using Percheron.Cli.Tests.Support;
using Xunit;

namespace Percheron.Cli.Tests.Commands;

public sealed class BenchCommandTests : IDisposable
{
    private readonly string _prompts = Path.Combine(Path.GetTempPath(), $"percheron-prompts-{Guid.NewGuid():N}.txt");

    public BenchCommandTests() => File.WriteAllText(_prompts, "abc the\n\nthe the the\n");

    public void Dispose() => File.Delete(_prompts);

    [Fact]
    public void Json_has_a_row_for_every_combination_and_plain_decoding()
    {
        using TinyModel target = new(), draft = new(seed: 2);
        JsonNode json = Bench(target, "-md", draft.Path, "--drafters", "ngram;model(depth=3)", "--verifiers", "coupled;block", "--temperatures", "0;0.8", "--json").Json;
        Assert.Equal((2, 12, 2), ((int)json["prompts"]!, json["rows"]!.AsArray().Count, (int)json["repeats"]!));
        foreach (JsonNode? row in json["rows"]!.AsArray())
        {
            Assert.Equal(4, (int)row!["runs"]!);
            Assert.True((double)row["accepted_length"]! >= 1);
            Assert.True((double)row["tokens_per_second"]! > 0);
            if ((string?)row["drafter"] == "none") Assert.Equal((1.0, 1.0), ((double)row["accepted_length"]!, (double)row["ratio_to_plain"]!));
            if ((string?)row["verifier"] == "coupled" || (double)row["temperature"]! == 0) Assert.Equal(4, (int)row["identical"]!);
        }
    }

    [Fact]
    public void The_table_names_drafters_and_columns()
    {
        using TinyModel target = new();
        Run run = Bench(target, "--drafters", "ngram", "--temperatures", "0");
        foreach (string word in new[] { "none", "ngram", "coupled", "τ", "α", "tokens/s", "× plain" }) Assert.Contains(word, run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"prompt\": \"abc\"}", 1)]
    [InlineData("{\"turns\": [\"abc\", \"the\"]}\n{\"question\": \"the\"}", 2)]
    public void Reads_json_lines(string lines, int prompts)
    {
        using TinyModel target = new();
        string path = Path.ChangeExtension(_prompts, ".jsonl");
        File.WriteAllText(path, lines);
        JsonNode json = Run.Of("bench", "-m", target.Path, "--prompt-file", path, "--drafters", "none", "--temperatures", "0", "-n", "4", "--repeats", "1", "--json").Json;
        File.Delete(path);
        Assert.Equal(prompts, (int)json["prompts"]!);
    }

    [Theory]
    [InlineData(2, "--temperatures", "warm")]
    [InlineData(2, "--drafters", ";")]
    [InlineData(2, "--repeats", "0")]
    [InlineData(2, "--drafters", "ngram(")]
    [InlineData(1, "-m", "/no/such.gguf")]
    public void Says_what_is_wrong(int code, string option, string value)
    {
        using TinyModel target = new();
        Run.Of(["bench", "--prompt-file", _prompts, option, value, .. option == "-m" ? Array.Empty<string>() : ["-m", target.Path]]).Fails(code);
    }

    [Fact]
    public void Says_that_ctrl_c_cut_it_short()
    {
        using TinyModel target = new();
        Run run = Run.Of(["bench", "-m", target.Path, "--prompt-file", _prompts, "--json"], stop: new CancellationToken(canceled: true));
        Assert.Empty(run.Json["rows"]!.AsArray());
        Assert.Contains("Ctrl-C", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Prompts_that_do_not_fit_are_left_out_and_counted()
    {
        using TinyModel target = new();
        File.AppendAllText(_prompts, new string('x', 500));
        Run run = Bench(target, "--drafters", "none", "--temperatures", "0", "--json");
        Assert.Equal(2, (int)run.Json["prompts"]!);
        Assert.Contains("1 of 3 prompts do not fit", run.Error, StringComparison.Ordinal);
    }

    private Run Bench(TinyModel target, params string[] options) =>
        Run.Of(["bench", "-m", target.Path, "--prompt-file", _prompts, "-n", "16", "--ignore-eos", "--repeats", "2", "--seed", "1", .. options]);
}
