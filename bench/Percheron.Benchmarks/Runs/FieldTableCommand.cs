using System.Globalization;
using System.Text.Json.Nodes;
using Percheron.Cli;

namespace Percheron.Benchmarks.Runs;

/// <summary><c>field-table</c>: the lines that <c>field</c> wrote as one table for each target and set of prompts, fastest first.</summary>
internal static class FieldTableCommand
{
    public const string Name = "field-table";

    public static int Run(ReadOnlySpan<string> arguments)
    {
        RunOptions options = new(arguments, "--in");
        string[] lines = File.ReadAllLines(options.Text("--in") ?? throw Failure.Usage("field-table needs --in FILE.jsonl."));
        foreach (IGrouping<string, JsonNode> table in lines.Select(l => JsonNode.Parse(l)!).GroupBy(c => $"{c["target"]} target, {c["prompts"]}, temperature {c["temperature"]}"))
        {
            Console.WriteLine($"\n## {table.Key}\n\n| Drafter | τ | α | accepted at depth 1, 2, … (share of steps) | draft cost (plain steps) | tokens/s | × plain | same text |\n|---|--:|--:|---|--:|--:|--:|--:|");
            foreach (JsonNode cell in table.OrderByDescending(c => (double?)c["ratio_to_plain"] ?? -1)) Console.WriteLine(Row(cell));
        }
        return 0;
    }

    private static string Row(JsonNode cell)
    {
        if (cell["error"] is { } error) return $"| `{cell["drafter"]}` | | | {((string)error!).Replace("|", "\\|", StringComparison.Ordinal)} | | | | |";
        string depths = string.Join(' ', cell["accepted_by_depth"]!.AsArray().Take(8).Select(d => Number((double)d!)));
        return $"| `{cell["drafter"]}` | {Number((double)cell["accepted_length"]!)} | {(cell["acceptance"] is { } a ? Number((double)a) : "–")} | {depths} | {Number((double)cell["draft_cost"]!)} | {((double)cell["tokens_per_second"]!).ToString("0", CultureInfo.InvariantCulture)} | {Number((double)cell["ratio_to_plain"]!)} | {cell["identical"]}/{cell["runs"]} |";
    }

    private static string Number(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
