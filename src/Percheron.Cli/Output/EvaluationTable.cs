using System.Globalization;
using Spectre.Console;

namespace Percheron.Cli.Output;

/// <summary>An evaluation on the screen.</summary>
internal static class EvaluationTable
{
    public static void Write(EvaluationReport report, Terminal terminal)
    {
        string[] metrics = [.. report.Rows[0].Metrics.Select(m => m.Name)];
        Table table = new Table().Border(TableBorder.Simple).AddColumns("Drafter", "Verifier", "Budget", "× plain", "τ", "same output");
        foreach (string metric in metrics)
        {
            table.AddColumn(metric);
            table.AddColumn("loss %");
        }
        foreach (EvaluationRow row in report.Rows)
        {
            List<Text> cells = [new(row.Drafter), new(row.Verifier), Right(row.IsPlain ? "" : row.Budget), Right(row.IsPlain ? "1.00" : Ratio(row.Speed)), Right(Number(row.AcceptedLength)), Right($"{row.Identical}/{row.Samples}")];
            foreach (MetricRow metric in row.Metrics)
            {
                cells.Add(Right(Number(metric.Value)));
                cells.Add(Right(Loss(metric.Loss)));
            }
            table.AddRow(cells);
        }
        terminal.Write(table);
        terminal.Output.WriteLine($"{report.Modality}: {report.About}");
        terminal.Output.WriteLine($"{report.Model}{(report.Draft is null ? "" : " with " + report.Draft)}, {report.Threads} threads, {report.Samples} prompts, {report.SpeedSamples} of them timed {report.Turns} ×, {report.Sampling}, seed {report.Seed}; in brackets 95 % of paired resamples; ! marks a loss of more than 0.5 %");
    }

    /// <summary>A ratio with its interval.</summary>
    public static string Ratio(SpeedRow? speed) => speed is null ? "" : $"{Number(speed.RatioToPlain)} [{Number(speed.Low)}, {Number(speed.High)}]";

    /// <summary>A loss with its interval; an exclamation mark where it does not pass.</summary>
    public static string Loss(LossRow? loss) => loss is null ? "" : loss is { Percent: 0, Low: 0, High: 0 } ? "0" : $"{Number(loss.Percent)} [{Number(loss.Low)}, {Number(loss.High)}]{(loss.Passes ? "" : " !")}";

    /// <summary>Two decimals.</summary>
    public static string Number(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    private static Text Right(string text) => new Text(text).RightJustified();
}
