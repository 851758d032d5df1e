using System.Globalization;

namespace Percheron.Cli.Output;

/// <summary>A bench as one HTML file that needs no other: numbers, and bars drawn as SVG.</summary>
internal static class BenchHtml
{
    /// <summary>Writes the report; an existing file is replaced.</summary>
    /// <exception cref="Failure">The file cannot be written.</exception>
    public static void Write(BenchReport report, string path) => Page(report).Write(path, "--html");

    private static HtmlPage Page(BenchReport report)
    {
        HtmlPage page = new("percheron bench");
        page.Add($"<p>Target <b>{HtmlPage.Text(report.Model)}</b>{(report.Draft is null ? "" : $", draft <b>{HtmlPage.Text(report.Draft)}</b>")}; {report.Threads} threads; {report.Prompts} prompts of which each run continues one by up to {report.MaxTokens} tokens; medians of {report.Repeats} interleaved runs; seed {report.Seed}.</p>");
        if (report.Synthetic) page.Add("<p class=\"note\">Acceptance was forced (synthetic length): the texts mean nothing, only the times do.</p>");
        foreach (IGrouping<float, BenchRow> group in report.Rows.GroupBy(r => r.Temperature))
        {
            page.Add($"<h2>Temperature {Number(group.Key)}{(group.Key == 0 ? " (greedy)" : "")}</h2>");
            BenchRow[] rows = [.. group];
            page.Bars("Tokens per second", [.. rows.Select(r => Bar(r, r.TokensPerSecond))], Quantity.Rate);
            page.Bars("Times plain decoding", [.. rows.Select(r => Bar(r, r.RatioToPlain))], Number, mark: 1);
            page.Bars("Accepted length τ: tokens for each step", [.. rows.Select(r => Bar(r, r.AcceptedLength))], Number, mark: 1);
            Table(page, rows);
        }
        return page;
    }

    private static HtmlPage.Bar Bar(BenchRow row, double value) => new($"{row.Drafter} · {row.Verifier}", value, IsPlain(row) ? "plain" : "");

    private static void Table(HtmlPage page, BenchRow[] rows)
    {
        bool judged = rows.Any(r => r.MeanLogProbability is not null);
        page.Add($"<table>\n<tr><th>Drafter</th><th>Verifier</th><th>τ</th><th>α</th><th>tokens/s</th><th>× plain</th><th>same text</th>{(judged ? "<th>log p</th>" : "")}</tr>");
        foreach (BenchRow r in rows)
            page.Add($"<tr{(IsPlain(r) ? " class=\"plain\"" : "")}><td>{HtmlPage.Text(r.Drafter)}</td><td>{HtmlPage.Text(r.Verifier)}</td><td>{Number(r.AcceptedLength)}</td><td>{(r.Acceptance is { } a ? Number(a) : "")}</td><td>{Quantity.Rate(r.TokensPerSecond)}</td><td>{Number(r.RatioToPlain)}</td><td>{r.Identical}/{r.Runs}</td>{(judged ? $"<td>{r.MeanLogProbability?.ToString("0.000", CultureInfo.InvariantCulture)}</td>" : "")}</tr>");
        page.Add("</table>");
    }

    private static bool IsPlain(BenchRow row) => row.Drafter == "none";

    private static string Number(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
