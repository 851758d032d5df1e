using System.Globalization;
using System.Text.Json.Nodes;
using Percheron.Cli;
using Percheron.Cli.Hosting;

namespace Percheron.Benchmarks.Runs;

/// <summary><c>field-table</c>: the lines that <c>field</c> wrote as one table for each target, set of prompts and temperature, fastest first. Where drafters read something that was trained and its card lies in <c>--cards</c>, its parameters and the time its training took stand behind it.</summary>
internal static class FieldTableCommand
{
    public const string Name = "field-table";

    // The planner's own choice; what is measured with any other budget fills the columns that say what a drafter can do.
    private const string Planned = "auto";

    public static int Run(ReadOnlySpan<string> arguments)
    {
        RunOptions options = new(arguments, "--in", "--head", "--cards");
        string[] lines = File.ReadAllLines(options.Text("--in") ?? throw Failure.Usage("field-table needs --in FILE.jsonl."));
        TrainingCosts costs = new(new HeadsFolder(options.Text("--cards") ?? "../models"));
        foreach (IGrouping<string, JsonNode> table in lines.Select(l => JsonNode.Parse(l)!).GroupBy(c => $"{c["target"]} target, {c["prompts"]}, temperature {c["temperature"]}"))
        {
            bool trained = table.Any(c => costs.Of((string)c["drafter"]!) is not null);
            Console.WriteLine($"\n## {table.Key}\n\n| Drafter | τ | α | α at depth 1, 2, … | draft cost (plain steps) | tokens/s | × plain | planned: τ | tokens/s | × plain | same text |{(trained ? " trained parameters (M) | training (min) |" : "")}\n|---|--:|--:|---|--:|--:|--:|--:|--:|--:|--:|{(trained ? "--:|--:|" : "")}");
            foreach ((JsonNode? fixedly, JsonNode? planned) in table.GroupBy(c => (string)c["drafter"]!).Select(Pair).OrderByDescending(p => Ratio(p.Planned)).ThenByDescending(p => Ratio(p.Fixed)).Take(options.Number("--head", int.MaxValue)))
                Console.WriteLine(Row(fixedly, planned) + (trained ? costs.Of((string)(fixedly ?? planned)!["drafter"]!) ?? " | |" : ""));
        }
        return 0;
    }

    private static (JsonNode? Fixed, JsonNode? Planned) Pair(IEnumerable<JsonNode> cells) =>
        (cells.FirstOrDefault(c => (string)c["budget"]! != Planned), cells.FirstOrDefault(c => (string)c["budget"]! == Planned));

    private static double Ratio(JsonNode? cell) => (double?)cell?["ratio_to_plain"] ?? -1;

    private static string Row(JsonNode? fixedly, JsonNode? planned)
    {
        JsonNode any = (fixedly ?? planned)!;
        if (any["error"] is { } error) return $"| `{any["drafter"]}` | | | {((string)error!).Replace("|", "\\|", StringComparison.Ordinal)} | | | | | | | |";
        string measured = fixedly is null ? "| | | | | | |" : $"| {Number(fixedly["accepted_length"])} | {Number(fixedly["acceptance"])} | {ByDepth(fixedly)} | {Number(fixedly["draft_cost"])} | {Rate(fixedly)} | {Number(fixedly["ratio_to_plain"])} |";
        string chosen = planned is null ? " | | |" : $" {Number(planned["accepted_length"])} | {Rate(planned)} | {Number(planned["ratio_to_plain"])} |";
        return $"| `{any["drafter"]}` {measured}{chosen} {Sum("identical")}/{Sum("runs")} |";

        int Sum(string field) => (int?)fixedly?[field] + (int?)planned?[field] ?? (int)any[field]!;
    }

    private static string ByDepth(JsonNode cell)
    {
        double[] accepted = [.. cell["accepted_by_depth"]!.AsArray().Select(d => (double)d!)], offered = [.. cell["offered_by_depth"]!.AsArray().Select(d => (double)d!)];
        return string.Join(' ', offered.Take(8).Select((o, i) => Number(i < accepted.Length && o > 0 ? accepted[i] / o : 0)));
    }

    private static string Rate(JsonNode cell) => ((double)cell["tokens_per_second"]!).ToString("0", CultureInfo.InvariantCulture);

    private static string Number(JsonNode? value) => value is null ? "–" : ((double)value).ToString("0.00", CultureInfo.InvariantCulture);
}
