using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Percheron.Cli;
using Percheron.Cli.Bench;
using Percheron.Cli.Hosting;
using Percheron.Decoding;
using Percheron.Formats;

namespace Percheron.Benchmarks.Runs;

/// <summary>
/// <c>field</c>: every drafter of the catalogue on one model and one set of prompts, each paired with plain decoding, greedy and at temperature 1, with a fixed budget and with the planner's. One
/// line of JSON a cell, and what is there is not measured again: a run that was broken off, or ended by <c>--seconds</c>, goes on where it stopped. <c>--drafters FILE</c> measures its specs instead, one
/// a line, in which <c>@corpus</c> is the index that <c>--corpus</c> names; <c>--heads FOLDER</c> holds what was trained for a target other than the embedded one.
/// </summary>
internal static class FieldCommand
{
    public const string Name = "field";

    // How specs name the index of --corpus, so that no path reaches the report.
    private const string Corpus = "@corpus";

    // What an entry's first example cannot show: drafters around the ones people use, shapes of trees, draft lengths, ways of making the target cheaper.
    private static readonly Dictionary<string, string[]> Shown = new(StringComparer.Ordinal)
    {
        ["ahead"] = ["ahead(model)"], ["cascade"] = ["cascade(suffix)", "cascade(recycling(nodes=3, depth=3, width=1))"], ["fallback"] = ["fallback(suffix, model)"],
        ["union"] = ["union(suffix, model)"], ["bandit"] = ["bandit(suffix, model)"],
        ["model"] = ["model", "model(length=heuristic)", "model(length=svip)", "model(width=2, tree=sequoia)", "model(width=4, tree=opt-tree)", "model(width=4, tree=spec-exec)"],
        ["self"] = ["self", "self(precision=q4_0)", "self(window=64)"],
    };

    public static int Run(ReadOnlySpan<string> arguments)
    {
        RunOptions options = new(
            arguments, "-m", "-md", "--heads", "-t", "-n", "--repeats", "--limit", "--longest", "--prompts", "--set", "--target", "--corpus", "--out", "--seconds", "--only", "--drafters", "--together", "--budgets", "--temperatures");
        string output = options.Text("--out") ?? throw Failure.Usage("field needs --out FILE.jsonl, --prompts FILE and --set NAME.");
        string prompts = options.Text("--prompts") ?? throw Failure.Usage("field needs --prompts FILE.");
        var done = new HashSet<string>(File.Exists(output) ? File.ReadLines(output).Select(l => Key(JsonNode.Parse(l)!)) : [], StringComparer.Ordinal);
        var clock = Stopwatch.StartNew();
        string[] drafters = [.. Drafters(options).Where(d => options.Text("--only") is not { } only || d.StartsWith(only, StringComparison.Ordinal))];
        (string Budget, string Temperature)[] settings =
            [.. (options.Text("--budgets") ?? "16,auto").Split(',').SelectMany(b => (options.Text("--temperatures") ?? "0,1").Split(',').Select(t => (b, t)))];
        int left = 0;
        string spread = Spread(options, prompts);
        foreach ((string budget, string temperature) in settings)
        {
            string[] wanted = [.. drafters.Where(d => !done.Contains(Key(Cell(options, d, budget, temperature))))];
            foreach (string[] together in wanted.Chunk(options.Number("--together", 8)))
            {
                if (clock.Elapsed.TotalSeconds > options.Number("--seconds", int.MaxValue)) left += together.Length;
                else File.AppendAllLines(output, Measure(options, spread, together, budget, temperature).Select(c => c.ToJsonString()));
            }
        }
        File.Delete(spread);
        Console.WriteLine($"{left} cells left");
        return 0;
    }

    private static JsonObject Cell(RunOptions options, string drafter, string budget, string temperature) => new()
    {
        ["target"] = options.Text("--target") ?? "embedded", ["prompts"] = options.Text("--set") ?? "prompts", ["drafter"] = drafter, ["budget"] = budget,
        ["temperature"] = double.Parse(temperature, CultureInfo.InvariantCulture),
    };

    // The prompts that are short enough for a small model's context, taken evenly from the whole file.
    private static string Spread(RunOptions options, string prompts)
    {
        string[] fitting = [.. PromptList.Read(prompts).Where(p => p.Length <= options.Number("--longest", int.MaxValue))];
        int count = Math.Min(options.Number("--limit", fitting.Length), fitting.Length);
        string file = Path.GetTempFileName();
        File.Move(file, file += ".jsonl");
        File.WriteAllLines(file, Enumerable.Range(0, count).Select(i => new JsonObject { ["prompt"] = fitting[(long)i * fitting.Length / count] }.ToJsonString()));
        return file;
    }

    // What cannot run yet is no cell: a later run, which has the file, fills it.
    private static IEnumerable<string> Drafters(RunOptions options)
    {
        HeadsFolder? heads = options.Text("--heads") is { } folder ? new HeadsFolder(folder) : options.Text("-m") is null ? new EmbeddedModels(new Terminal(Console.Out, Console.Error).ModelsFolder).Heads : null;
        foreach (string spec in options.Text("--drafters") is { } file ? Listed(file) : Catalogued())
        {
            if (TrainedParts.Of(spec).FirstOrDefault(kind => kind != TrainedParts.Draft && heads?.Find(kind) is null) is { } missing) Console.Error.WriteLine($"{spec} needs a trained {missing} for this target, which is not there");
            else if (spec.Contains(Corpus, StringComparison.Ordinal) && options.Text("--corpus") is null) Console.Error.WriteLine($"{spec} needs --corpus");
            else yield return spec;
        }
    }

    private static IEnumerable<string> Catalogued() => new Catalog().Drafters.Where(e => e.Name != "none").SelectMany(entry =>
        entry.Type.GetConstructors()[0].GetParameters().Any(p => p.ParameterType == typeof(CorpusIndex) && !p.HasDefaultValue) ? [$"{entry.Name}({Corpus})"] : Shown.GetValueOrDefault(entry.Name, [entry.Examples[0]]));

    private static IEnumerable<string> Listed(string file) =>
        File.Exists(file) ? File.ReadLines(file).Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] != '#').Distinct() : throw new Failure($"--drafters: there is no file '{file}'.");

    // All of them in turn on each prompt; where one cannot run, each by itself, so that only that one is missing.
    private static IEnumerable<JsonObject> Measure(RunOptions options, string prompts, string[] drafters, string budget, string temperature)
    {
        using StringWriter json = new(), error = new();
        string[] specs = [.. drafters.Select(d => Spec.Parse(d.Replace(Corpus, $"@{options.Text("--corpus")}", StringComparison.Ordinal)).ToString())];
        List<string> arguments =
            ["bench", "-f", prompts, "--drafters", string.Join(';', specs), "--temperatures", temperature, "--budget", budget, "-n", options.Text("-n") ?? "200", "--repeats", options.Text("--repeats") ?? "3", "--seed", "1", "--json"];
        foreach (string name in (string[])["-m", "-md", "--heads", "-t"])
            if (options.Text(name) is { } value) arguments.AddRange([name, value]);
        int code = Percheron.Cli.CommandLine.Run(arguments, new Terminal(json, error));
        if (code != 0 && drafters.Length > 1) return [.. drafters.SelectMany(d => Measure(options, prompts, [d], budget, temperature))];
        Dictionary<string, JsonNode> rows = code != 0 ? [] : JsonNode.Parse(json.ToString())!["rows"]!.AsArray().ToDictionary(r => (string)r!["drafter"]!, r => r!);
        return [.. drafters.Select((d, i) => Filled(Cell(options, d, budget, temperature), rows.GetValueOrDefault(specs[i]), error.ToString().Trim()))];
    }

    private static JsonObject Filled(JsonObject cell, JsonNode? row, string error)
    {
        if (row is null) cell["error"] = error;
        foreach (string field in (string[])["accepted_length", "acceptance", "accepted_by_depth", "offered_by_depth", "draft_cost", "tokens_per_second", "ratio_to_plain", "runs", "identical"])
            cell[field] = row?[field]?.DeepClone();
        return cell;
    }

    private static string Key(JsonNode cell) => $"{cell["target"]}|{cell["prompts"]}|{cell["drafter"]}|{cell["budget"]}|{(double)cell["temperature"]!}";
}
