using System.Globalization;
using Spectre.Console;

namespace Percheron.Cli.Output;

/// <summary>A bench on the screen.</summary>
internal static class BenchTable
{
    public static void Write(BenchReport report, Terminal terminal)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumns("Drafter", "Verifier", "T", "τ", "α", "tokens/s", "× plain", "same text");
        bool judged = report.Rows.Any(r => r.MeanLogProbability is not null);
        if (judged) table.AddColumn("log p");
        foreach (BenchRow r in report.Rows)
        {
            Text[] cells =
            [
                new Text(r.Drafter), new Text(r.Verifier), Right(Number(r.Temperature)), Right(Number(r.AcceptedLength)), Right(r.Acceptance is { } a ? Number(a) : ""),
                Right(Quantity.Rate(r.TokensPerSecond)), Right(Number(r.RatioToPlain)), Right($"{r.Identical}/{r.Runs}"),
            ];
            table.AddRow(judged ? [.. cells, Right(r.MeanLogProbability?.ToString("0.000", CultureInfo.InvariantCulture) ?? "")] : cells);
        }
        terminal.Write(table);
        if (report.Synthetic) terminal.Output.WriteLine("synthetic: acceptance was forced; the texts mean nothing, only the times do");
        terminal.Output.WriteLine($"{report.Model}{(report.Draft is null ? "" : " with " + report.Draft)}, {report.Threads} threads, {report.Prompts} prompts, {report.MaxTokens} tokens, medians of {report.Repeats} interleaved runs, seed {report.Seed}");
    }

    private static string Number(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    private static Text Right(string text) => new Text(text).RightJustified();
}
