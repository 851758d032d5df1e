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
    public void Quality_is_what_the_target_finds_of_the_outputs()
    {
        using TinyModel target = new(), draft = new(seed: 2);
        string[] options = ["-md", draft.Path, "--drafters", "model(depth=3, confidence=0)", "--verifiers", "coupled;typical-acceptance(epsilon=0.01)", "--temperatures", "1", "--limit", "1", "--top-k", "0", "--top-p", "1", "--min-p", "0"];
        Assert.All(Bench(target, [.. options, "--json"]).Json["rows"]!.AsArray(), row => Assert.Null(row!["mean_log_probability"]));
        JsonArray rows = Bench(target, [.. options, "--quality", "--json"]).Json["rows"]!.AsArray();
        Assert.Equal((double)rows[0]!["mean_log_probability"]!, (double)rows[1]!["mean_log_probability"]!);
        Assert.NotEqual((double)rows[0]!["mean_log_probability"]!, (double)rows[3]!["mean_log_probability"]!);
        JsonNode text = Run.Of("generate", "-m", target.Path, "abc the", "-n", "16", "--ignore-eos", "--seed", "1", "--temperature", "1", "--top-k", "0", "--top-p", "1", "--min-p", "0", "--drafter", "none", "--json").Json;
        JsonNode[] ids = [.. text["prompt_tokens"]!.AsArray()!, .. text["tokens"]!.AsArray()!];
        JsonArray logs = Run.Of("score", "-m", target.Path, "--tokens", string.Join(',', ids.Select(i => (int)i)), "--json").Json["log_probabilities"]!.AsArray();
        Assert.Equal(logs.TakeLast(16).Average(l => (double)l!), (double)rows[0]!["mean_log_probability"]!, 9);
        Assert.Contains("log p", Bench(target, [.. options, "--quality"]).Output, StringComparison.Ordinal);
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
    [InlineData(2, "--synthetic-length", "0.5")]
    [InlineData(2, "--against", " ")]
    [InlineData(2, "--against-pattern", "([0-9]+) tokens")]
    [InlineData(1, "--html", "/no/such/folder/bench.html")]
    [InlineData(1, "-m", "/no/such.gguf")]
    public void Says_what_is_wrong(int code, string option, string value)
    {
        using TinyModel target = new();
        Run.Of(["bench", "--prompt-file", _prompts, "-n", "4", "--repeats", "1", option, value, .. option == "-m" ? Array.Empty<string>() : ["-m", target.Path]]).Fails(code);
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

    [Fact]
    public void A_forced_length_is_marked_and_plain_decoding_stays_plain()
    {
        using TinyModel target = new(), draft = new(seed: 2);
        string[] options = ["-md", draft.Path, "--temperatures", "0.8", "--budget", "3", "--synthetic-length", "2.5"];
        JsonNode json = Bench(target, [.. options, "--drafters", "model(depth=3, confidence=0)", "--json"]).Json;
        Assert.True((bool)json["synthetic"]!);
        JsonNode plain = json["rows"]![0]!, forced = json["rows"]![1]!;
        Assert.Equal(("coupled", 1.0, "synthetic-length(2.5)"), ((string?)plain["verifier"], (double)plain["accepted_length"]!, (string?)forced["verifier"]));
        Assert.InRange((double)forced["accepted_length"]!, 2.2, 2.5);
        Assert.Contains("offered", Bench(target, [.. options, "--drafters", "model(depth=1)"]).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_html_report_is_one_file_without_scripts()
    {
        using TinyModel target = new();
        string path = Path.ChangeExtension(_prompts, ".html");
        Run run = Bench(target, "--drafters", "ngram(max=2)", "--html", path);
        string html = File.ReadAllText(path);
        File.Delete(path);
        Assert.Equal(0, run.Code);
        foreach (string word in new[] { "<svg", "ngram(max=2)", "Temperature 0.80", "Times plain decoding", "τ" }) Assert.Contains(word, html, StringComparison.Ordinal);
        foreach (string word in new[] { "<script", "http:", "https:", "src=" }) Assert.DoesNotContain(word, html, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(6, html.Split("<svg").Length - 1);
        // Nothing but well-formed elements: the text of a spec cannot break the page.
        System.Xml.Linq.XDocument.Parse(html[html.IndexOf("<body>", StringComparison.Ordinal)..].Replace("</html>", "", StringComparison.Ordinal));
    }

    private Run Bench(TinyModel target, params string[] options) =>
        Run.Of(["bench", "-m", target.Path, "--prompt-file", _prompts, "-n", "16", "--ignore-eos", "--repeats", "2", "--seed", "1", .. options]);
}
