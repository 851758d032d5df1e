using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Percheron.Cli;
using Percheron.Decoding;
using Percheron.Formats;

namespace Percheron.Benchmarks.Runs;

/// <summary>
/// <c>field</c>: every drafter of the catalogue on one model and one set of prompts, each beside plain decoding, greedy and at temperature 1. One line of JSON a cell, and what is there is not
/// measured again: a run that was broken off, or ended by <c>--seconds</c>, goes on where it stopped.
/// </summary>
internal static class FieldCommand
{
    public const string Name = "field";

    // What its first example cannot show: a chain of defaults, and drafters around the ones people use.
    private static readonly Dictionary<string, string> Shown = new(StringComparer.Ordinal)
    {
        ["ahead"] = "ahead(model)", ["cascade"] = "cascade(suffix)", ["fallback"] = "fallback(suffix, model)", ["union"] = "union(suffix, model)", ["bandit"] = "bandit(suffix, model)",
    };

    public static int Run(ReadOnlySpan<string> arguments)
    {
        RunOptions options = new(arguments, "-m", "-md", "-t", "-n", "--repeats", "--limit", "--prompts", "--set", "--target", "--corpus", "--out", "--seconds", "--only");
        string output = options.Text("--out") ?? throw Failure.Usage("field needs --out FILE.jsonl, --prompts FILE and --set NAME.");
        string prompts = options.Text("--prompts") ?? throw Failure.Usage("field needs --prompts FILE.");
        (string set, string target) = (options.Text("--set") ?? "prompts", options.Text("--target") ?? "embedded");
        var done = new HashSet<string>(File.Exists(output) ? File.ReadLines(output).Select(l => Key(JsonNode.Parse(l)!)) : [], StringComparer.Ordinal);
        var clock = Stopwatch.StartNew();
        int left = 0;
        foreach (string drafter in Drafters(options.Text("--corpus")))
            foreach (string temperature in (string[])["0", "1"])
            {
                if (options.Text("--only") is { } only && !drafter.StartsWith(only, StringComparison.Ordinal)) continue;
                var cell = new JsonObject { ["target"] = target, ["prompts"] = set, ["drafter"] = Label(drafter), ["temperature"] = double.Parse(temperature, CultureInfo.InvariantCulture) };
                if (done.Contains(Key(cell))) continue;
                if (clock.Elapsed.TotalSeconds > options.Number("--seconds", int.MaxValue))
                {
                    left++;
                    continue;
                }
                File.AppendAllText(output, Measure(options, prompts, drafter, temperature, cell).ToJsonString() + "\n");
            }
        Console.WriteLine($"{left} cells left");
        return 0;
    }

    // A corpus is named as a file only where it has one, so that paths do not reach the report.
    private static string Label(string drafter) => drafter.IndexOf('@', StringComparison.Ordinal) is >= 0 and var at ? drafter[..(at - 1)] + "(@corpus)" : drafter;

    private static IEnumerable<string> Drafters(string? corpus)
    {
        foreach (CatalogEntry entry in new Catalog().Drafters)
        {
            bool copies = entry.Type.GetConstructors()[0].GetParameters().Any(p => p.ParameterType == typeof(CorpusIndex) && !p.HasDefaultValue);
            if (copies && corpus is null) Console.Error.WriteLine($"{entry.Name} needs --corpus");
            else if (copies) yield return $"{entry.Name}(@{corpus})";
            else yield return Shown.GetValueOrDefault(entry.Name, entry.Examples[0]);
        }
    }

    private static JsonObject Measure(RunOptions options, string prompts, string drafter, string temperature, JsonObject cell)
    {
        using StringWriter json = new(), error = new();
        List<string> arguments = ["bench", "-f", prompts, "--drafters", drafter, "--temperatures", temperature, "-n", options.Text("-n") ?? "200", "--repeats", options.Text("--repeats") ?? "3", "--json"];
        foreach (string name in (string[])["-m", "-md", "-t", "--limit"])
            if (options.Text(name) is { } value) arguments.AddRange([name, value]);
        int code = Percheron.Cli.CommandLine.Run(arguments, new Terminal(json, error));
        JsonNode? row = code == 0 ? JsonNode.Parse(json.ToString())!["rows"]!.AsArray().LastOrDefault() : null;
        if (row is null) cell["error"] = error.ToString().Trim();
        foreach (string field in (string[])["accepted_length", "acceptance", "accepted_by_depth", "draft_cost", "tokens_per_second", "ratio_to_plain", "runs", "identical"])
            cell[field] = row?[field]?.DeepClone();
        return cell;
    }

    private static string Key(JsonNode cell) => $"{cell["target"]}|{cell["prompts"]}|{cell["drafter"]}|{(double)cell["temperature"]!}";
}
