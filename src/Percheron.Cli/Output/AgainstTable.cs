using System.Globalization;
using Spectre.Console;

namespace Percheron.Cli.Output;

/// <summary>A pairing with another program on the screen.</summary>
internal static class AgainstTable
{
    public static void Write(AgainstReport report, Terminal terminal)
    {
        string unit = report.Measure == "wall_seconds" ? "s" : "tokens/s";
        Table table = new Table().Border(TableBorder.Simple).AddColumns("Drafter", "Verifier", "T", $"percheron, {unit}", $"other, {unit}", "× faster", "quartiles", "pairs");
        foreach (AgainstRow r in report.Rows)
        {
            table.AddRow(
                new Text(r.Drafter), new Text(r.Verifier), Right(Number(r.Temperature)), Right(Quantity.Rate(r.Own.Median)), Right(Quantity.Rate(r.Other.Median)),
                Right(Number(r.Ratio.Median)), Right($"{Number(r.Ratio.LowerQuartile)}–{Number(r.Ratio.UpperQuartile)}"), Right(r.Pairs.ToString(CultureInfo.InvariantCulture)));
        }
        terminal.Write(table);
        terminal.Output.WriteLine($"against: {report.Against}");
        terminal.Output.WriteLine($"{report.Prompts} prompts, {report.MaxTokens} tokens, {report.Repeats} pairs each in turn, seed {report.Seed}; medians, and the quartiles of the ratio of neighbouring runs");
    }

    private static string Number(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    private static Text Right(string text) => new Text(text).RightJustified();
}
