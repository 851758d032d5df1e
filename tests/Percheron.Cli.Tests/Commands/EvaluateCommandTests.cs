using System.Text.Json.Nodes;
using Percheron.Cli.Tests.Support;
using Xunit;

namespace Percheron.Cli.Tests.Commands;

public sealed class EvaluateCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("percheron-evaluate-").FullName;

    private string Log => Path.Combine(_folder, "log.jsonl");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Lossless_contenders_say_the_same_and_lose_nothing()
    {
        using TinyModel target = new(), draft = new(seed: 2);
        JsonArray rows = Evaluate(target, "-md", draft.Path, "--drafters", "model(depth=2) | coupled | 4; ngram", "--json").Json["rows"]!.AsArray();
        Assert.Equal(["none", "model(depth=2)", "ngram"], rows.Select(r => (string)r!["drafter"]!));
        foreach (JsonNode? row in rows)
        {
            Assert.Equal((5, 5, true), ((int)row!["samples"]!, (int)row["identical"]!, (bool)row["lossless"]!));
            Assert.Equal(["BLEU", "chrF", "exact match %", "perplexity"], row["metrics"]!.AsArray().Select(m => (string)m!["name"]!));
        }
        foreach (JsonNode? row in rows.Skip(1))
        {
            Assert.Equal(2, (int)row!["speed"]!["runs"]!);
            Assert.True((double)row["speed"]!["ratio_to_plain"]! > 0);
            Assert.All(row["metrics"]!.AsArray(), m => Assert.Equal((0.0, true), ((double)m!["loss"]!["percent"]!, (bool)m["loss"]!["passes"]!)));
        }
        Assert.Null(rows[0]!["speed"]);
    }

    [Fact]
    public void A_second_run_finds_everything_done()
    {
        using TinyModel target = new();
        string[] options = ["--drafters", "ngram | typical-acceptance", "--temperature", "1"];
        JsonNode first = Evaluate(target, [.. options, "--json"]).Json;
        string[] lines = File.ReadAllLines(Log);
        Assert.Equal(first.ToJsonString(), Evaluate(target, [.. options, "--json"]).Json.ToJsonString());
        Assert.Equal(lines, File.ReadAllLines(Log));
    }

    [Fact]
    public void A_run_that_was_killed_in_the_middle_of_a_line_goes_on_and_gives_the_same_answers()
    {
        using TinyModel target = new();
        string[] options = ["--drafters", "ngram | coupled | 8", "--speed-samples", "0", "--json"];
        string whole = Evaluate(target, options).Json["rows"]!.ToJsonString();
        string[] lines = File.ReadAllLines(Log);
        File.WriteAllText(Log, string.Join('\n', lines[..2]) + "\n" + lines[2][..^7]);
        Assert.Equal(whole, Evaluate(target, options).Json["rows"]!.ToJsonString());
        Assert.Equal(lines, File.ReadAllLines(Log));
    }

    [Fact]
    public void The_log_of_another_evaluation_is_left_alone()
    {
        using TinyModel target = new();
        Evaluate(target, "--drafters", "ngram", "--json");
        string before = File.ReadAllText(Log);
        Assert.Contains("belongs to another evaluation", Evaluate(target, "--drafters", "ngram", "--seed", "7").Fails(1), StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(Log));
    }

    [Fact]
    public void Ctrl_C_ends_it_without_a_report()
    {
        using TinyModel target = new();
        using CancellationTokenSource stop = new();
        stop.Cancel();
        Run run = Run.Of(Arguments(target, "--drafters", "ngram"), stop: stop.Token);
        Assert.Equal((0, ""), (run.Code, run.Output));
        Assert.Contains("goes on from there", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_may_be_a_file_and_what_cannot_run_is_said()
    {
        using TinyModel target = new();
        string list = Path.Combine(_folder, "list.txt");
        File.WriteAllText(list, "# comment\n\nngram\nmodel\nsuffix | block\n");
        Run run = Evaluate(target, "--drafters", list, "--json");
        Assert.Equal(["none", "ngram", "suffix"], run.Json["rows"]!.AsArray().Select(r => (string)r!["drafter"]!));
        Assert.Contains("left out: 'model'", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Verifiers_multiply_lines_that_name_none()
    {
        using TinyModel target = new();
        JsonArray rows = Evaluate(target, "--drafters", "ngram;suffix | coupled", "--verifiers", "coupled;block", "--json").Json["rows"]!.AsArray();
        Assert.Equal(["none coupled", "ngram coupled", "ngram block", "suffix coupled"], rows.Select(r => $"{r!["drafter"]} {r["verifier"]}"));
    }

    [Fact]
    public void The_report_is_one_file_with_table_plots_and_examples()
    {
        using TinyModel target = new();
        string html = Path.Combine(_folder, "out.html");
        Run run = Evaluate(target, "--drafters", "ngram;ngram | typical-acceptance", "--report", html, "--examples", "2");
        Assert.Contains("BLEU", run.Output, StringComparison.Ordinal);
        string page = File.ReadAllText(html);
        foreach (string part in (string[])["<table>", "<svg", "BLEU", "typical-acceptance", "Examples", "lossless", "lossy"]) Assert.Contains(part, page, StringComparison.Ordinal);
        Assert.DoesNotContain("http", page.Replace("http-equiv", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "--samples", "1")]
    [InlineData(2, "--batch", "0")]
    [InlineData(2, "--drafters", "ngram | coupled | many")]
    [InlineData(2, "--drafters", "ngram | coupled | 4 | 5")]
    [InlineData(1, "--report", "/no/such/folder/out.html")]
    [InlineData(1, "--drafters", "no-such-drafter")]
    public void Wrong_usage_is_one_line(int code, params string[] options)
    {
        using TinyModel target = new();
        string[] drafters = options[0] == "--drafters" ? [] : ["--drafters", "ngram"];
        Assert.Equal(code, Evaluate(target, [.. drafters, .. options]).Code);
    }

    private Run Evaluate(TinyModel target, params string[] options) => Run.Of(Arguments(target, options));

    private string[] Arguments(TinyModel target, params string[] options) =>
        ["evaluate", "text", "-m", target.Path, .. options, "--log", Log, .. Unless(options, "--samples", "5"), .. Unless(options, "--batch", "2"), .. Unless(options, "--speed-samples", "2")];

    private static string[] Unless(string[] options, string name, string value) => options.Contains(name) ? [] : [name, value];
}
