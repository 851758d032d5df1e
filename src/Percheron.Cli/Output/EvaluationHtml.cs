using System.Globalization;

namespace Percheron.Cli.Output;

/// <summary>An evaluation as one HTML file that needs no other: the table, speed and quality as plots, and examples side by side.</summary>
internal static class EvaluationHtml
{
    /// <summary>An example: its prompt, and what plain decoding and others made of it, as HTML.</summary>
    public sealed record Example(string Caption, IReadOnlyList<string> Outputs);

    /// <summary>Writes the report; an existing file is replaced.</summary>
    /// <param name="report">Numbers.</param>
    /// <param name="shown">Names of those whose outputs are shown.</param>
    /// <param name="examples">One output for each of them.</param>
    /// <param name="path">Where to.</param>
    /// <exception cref="Failure">The file cannot be written.</exception>
    public static void Write(EvaluationReport report, IReadOnlyList<string> shown, IReadOnlyList<Example> examples, string path)
    {
        HtmlPage page = new($"percheron evaluate {report.Modality}");
        page.Add($"<p>Target <b>{HtmlPage.Text(report.Model)}</b>{(report.Draft is null ? "" : $", draft <b>{HtmlPage.Text(report.Draft)}</b>")}; {report.Threads} threads; {HtmlPage.Text(report.Sampling)}; seed {report.Seed}.</p>");
        page.Add($"<p>{report.Samples} prompts: {HtmlPage.Text(report.About)}. Everybody answers all of them with the same seeds. {report.SpeedSamples} prompts were timed {report.Turns} × alone, in turn with plain decoding, from the prompt to what a person gets. Brackets hold 95 % of paired bootstrap resamples.</p>");
        Table(page, report);
        page.Bars("Times plain decoding, end to end", [.. report.Rows.Where(r => r.IsPlain || r.Speed is not null).Select(r => new HtmlPage.Bar(Label(r), r.Speed?.RatioToPlain ?? 1, Kind(r), r.Speed?.Low, r.Speed?.High))], EvaluationTable.Number, mark: 1);
        for (int i = 0; i < report.Rows[0].Metrics.Count; i++)
            page.Bars($"{report.Rows[0].Metrics[i].Name} ({(report.Rows[0].Metrics[i].HigherIsBetter ? "more" : "less")} is better)", [.. report.Rows.Select(r => new HtmlPage.Bar(Label(r), Finite(r.Metrics[i].Value), Kind(r), Finite(r.Metrics[i].Low), Finite(r.Metrics[i].High)))], EvaluationTable.Number);
        for (int i = 0; i < report.Rows[0].Metrics.Count; i++) Scatter(page, report, i);
        Examples(page, shown, examples);
        page.Write(path, "--report");
    }

    private static void Table(HtmlPage page, EvaluationReport report)
    {
        page.Add($"<table>\n<tr><th>Drafter</th><th>Verifier</th><th>budget</th><th>promises</th><th>× plain</th><th>τ</th><th>same output</th>{string.Concat(report.Rows[0].Metrics.Select(m => $"<th>{HtmlPage.Text(m.Name)}</th><th>loss %</th>"))}</tr>");
        foreach (EvaluationRow row in report.Rows)
        {
            string promises = row.IsPlain ? "" : row.Lossless ? "lossless" : "lossy";
            page.Add($"<tr{(row.IsPlain ? " class=\"plain\"" : "")}><td>{HtmlPage.Text(row.Drafter)}</td><td>{HtmlPage.Text(row.Verifier)}</td><td>{(row.IsPlain ? "" : row.Budget)}</td><td>{promises}</td><td>{(row.IsPlain ? "1.00" : EvaluationTable.Ratio(row.Speed))}</td><td>{EvaluationTable.Number(row.AcceptedLength)}</td><td>{row.Identical}/{row.Samples}</td>"
                + string.Concat(row.Metrics.Select(m => $"<td>{EvaluationTable.Number(m.Value)}</td><td{(m.Loss is { Passes: false } ? " class=\"fails\"" : "")}>{EvaluationTable.Loss(m.Loss)}</td>")) + "</tr>");
        }
        page.Add("</table>");
    }

    // Speed to the right, loss upwards: who stands right of plain decoding and below half a percent is worth having.
    private static void Scatter(HtmlPage page, EvaluationReport report, int metric)
    {
        const int Width = 520, Height = 240, Left = 60, Bottom = 30;
        (double Speed, LossRow Loss, string Label, bool Lossy)[] points = [.. report.Rows.Where(r => r.Speed is not null && r.Metrics[metric].Loss is { } l && double.IsFinite(l.Percent)).Select(r => (r.Speed!.RatioToPlain, r.Metrics[metric].Loss!, Label(r), !r.Lossless))];
        if (points.Length == 0) return;
        double fastest = Math.Max(points.Max(p => p.Speed), 1) * 1.05, most = Math.Max(points.Max(p => p.Loss.Percent), 1), least = Math.Min(points.Min(p => p.Loss.Percent), 0);
        string X(double speed) => (Left + (speed / fastest * (Width - Left))).ToString("0.#", CultureInfo.InvariantCulture);
        string Y(double loss) => ((Height - Bottom) * (1 - ((loss - least) / (most - least)))).ToString("0.#", CultureInfo.InvariantCulture);
        string title = $"Loss of {report.Rows[0].Metrics[metric].Name} in percent against times plain decoding";
        page.Add($"<p>{HtmlPage.Text(title)}</p>\n<svg role=\"img\" aria-label=\"{HtmlPage.Text(title)}\" width=\"{Width + 20}\" height=\"{Height + 10}\">");
        page.Add($"<line class=\"axis\" x1=\"{Left}\" x2=\"{Width}\" y1=\"{Y(0)}\" y2=\"{Y(0)}\"/><line class=\"one\" x1=\"{Left}\" x2=\"{Width}\" y1=\"{Y(0.5)}\" y2=\"{Y(0.5)}\"/><text x=\"0\" y=\"{Y(0.5)}\">0.5 %</text><line class=\"axis\" x1=\"{X(1)}\" x2=\"{X(1)}\" y1=\"0\" y2=\"{Height - Bottom}\"/><text x=\"{X(1)}\" y=\"{Height}\">1 ×</text><text x=\"{X(fastest / 1.05)}\" y=\"{Height}\">{EvaluationTable.Number(fastest / 1.05)} ×</text>");
        foreach ((double speed, LossRow loss, string label, bool lossy) in points) page.Add($"<circle class=\"bar{(lossy ? " lossy" : "")}\" cx=\"{X(speed)}\" cy=\"{Y(loss.Percent)}\" r=\"5\"><title>{HtmlPage.Text(label)}: {EvaluationTable.Loss(loss)} %</title></circle>");
        page.Add("</svg>");
    }

    private static void Examples(HtmlPage page, IReadOnlyList<string> shown, IReadOnlyList<Example> examples)
    {
        if (examples.Count == 0) return;
        page.Add($"<h2>Examples</h2>\n<table class=\"left\">\n<tr><th>prompt</th>{string.Concat(shown.Select(s => $"<th>{HtmlPage.Text(s)}</th>"))}</tr>");
        foreach (Example example in examples) page.Add($"<tr><td>{HtmlPage.Text(example.Caption)}</td>{string.Concat(example.Outputs.Select(o => $"<td>{o}</td>"))}</tr>");
        page.Add("</table>");
    }

    private static string Label(EvaluationRow row) => row.IsPlain ? "plain" : $"{row.Drafter} · {row.Verifier}";

    private static string Kind(EvaluationRow row) => row.IsPlain ? "plain" : row.Lossless ? "" : "lossy";

    private static double Finite(double value) => double.IsFinite(value) ? value : 0;
}
