using System.Globalization;
using System.Net;
using System.Text;

namespace Percheron.Cli.Output;

/// <summary>A bench as one HTML file that needs no other: numbers, and bars drawn as SVG.</summary>
internal static class BenchHtml
{
    private const int BarWidth = 360, BarHeight = 16, RowHeight = 22;

    private const string Style = """
        body { font: 15px/1.45 system-ui, sans-serif; max-width: 62em; margin: 2em auto; padding: 0 1em; color: #1d2733; background: #fff }
        h1 { font-size: 1.5em } h2 { font-size: 1.15em; margin-top: 2em } p { margin: .4em 0 }
        table { border-collapse: collapse; margin: 1em 0 } th, td { padding: .25em .8em; border-bottom: 1px solid #dde3ea; text-align: right; font-variant-numeric: tabular-nums }
        th:first-child, td:first-child, th:nth-child(2), td:nth-child(2) { text-align: left } .plain td { color: #66707c }
        svg text { font: 12px system-ui, sans-serif; fill: #1d2733 } .bar { fill: #3b7dd8 } .bar.plain { fill: #b4bfcc } .one { stroke: #c0392b; stroke-dasharray: 3 3 }
        .note { background: #fff4d6; padding: .5em .8em }
        """;

    /// <summary>Writes the report; an existing file is replaced.</summary>
    /// <exception cref="Failure">The file cannot be written.</exception>
    public static void Write(BenchReport report, string path)
    {
        try
        {
            File.WriteAllText(path, Page(report));
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            throw new Failure($"--html: {wrong.Message}");
        }
    }

    private static string Page(BenchReport report)
    {
        StringBuilder page = new();
        page.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>percheron bench</title>\n<style>\n").Append(Style).Append("\n</style>\n</head>\n<body>\n<h1>percheron bench</h1>\n");
        page.Append($"<p>Target <b>{Text(report.Model)}</b>{(report.Draft is null ? "" : $", draft <b>{Text(report.Draft)}</b>")}; {report.Threads} threads; {report.Prompts} prompts of which each run continues one by up to {report.MaxTokens} tokens; medians of {report.Repeats} interleaved runs; seed {report.Seed}.</p>\n");
        if (report.Synthetic) page.Append("<p class=\"note\">Acceptance was forced (synthetic length): the texts mean nothing, only the times do.</p>\n");
        foreach (IGrouping<float, BenchRow> group in report.Rows.GroupBy(r => r.Temperature))
        {
            page.Append($"<h2>Temperature {Number(group.Key)}{(group.Key == 0 ? " (greedy)" : "")}</h2>\n");
            BenchRow[] rows = [.. group];
            Bars(page, "Tokens per second", rows, r => r.TokensPerSecond, Quantity.Rate);
            Bars(page, "Times plain decoding", rows, r => r.RatioToPlain, Number, mark: 1);
            Bars(page, "Accepted length τ: tokens for each step", rows, r => r.AcceptedLength, Number, mark: 1);
            Table(page, rows);
        }
        return page.Append("</body>\n</html>\n").ToString();
    }

    private static void Bars(StringBuilder page, string title, BenchRow[] rows, Func<BenchRow, double> value, Func<double, string> text, double? mark = null)
    {
        double most = Math.Max(rows.Max(value), mark ?? 0);
        // A letter of the labels is about 7 wide.
        int labels = 12 + (7 * rows.Max(r => Label(r).Length)), height = (rows.Length * RowHeight) + 4;
        page.Append($"<p>{Text(title)}</p>\n<svg role=\"img\" aria-label=\"{Text(title)}\" width=\"{labels + BarWidth + 60}\" height=\"{height}\">\n");
        for (int i = 0; i < rows.Length; i++)
        {
            double v = value(rows[i]);
            int top = i * RowHeight;
            string length = (most > 0 ? BarWidth * v / most : 0).ToString("0.#", CultureInfo.InvariantCulture), end = (labels + 5 + (most > 0 ? BarWidth * v / most : 0)).ToString("0.#", CultureInfo.InvariantCulture);
            page.Append($"<text x=\"0\" y=\"{top + 13}\">{Text(Label(rows[i]))}</text><rect class=\"bar{(IsPlain(rows[i]) ? " plain" : "")}\" x=\"{labels}\" y=\"{top}\" width=\"{length}\" height=\"{BarHeight}\"/><text x=\"{end}\" y=\"{top + 13}\">{text(v)}</text>\n");
        }
        if (mark is { } at && most > 0)
        {
            string x = (labels + (BarWidth * at / most)).ToString("0.#", CultureInfo.InvariantCulture);
            page.Append($"<line class=\"one\" x1=\"{x}\" x2=\"{x}\" y1=\"0\" y2=\"{height}\"/>\n");
        }
        page.Append("</svg>\n");
    }

    private static void Table(StringBuilder page, BenchRow[] rows)
    {
        bool judged = rows.Any(r => r.MeanLogProbability is not null);
        page.Append($"<table>\n<tr><th>Drafter</th><th>Verifier</th><th>τ</th><th>α</th><th>tokens/s</th><th>× plain</th><th>same text</th>{(judged ? "<th>log p</th>" : "")}</tr>\n");
        foreach (BenchRow r in rows)
            page.Append($"<tr{(IsPlain(r) ? " class=\"plain\"" : "")}><td>{Text(r.Drafter)}</td><td>{Text(r.Verifier)}</td><td>{Number(r.AcceptedLength)}</td><td>{(r.Acceptance is { } a ? Number(a) : "")}</td><td>{Quantity.Rate(r.TokensPerSecond)}</td><td>{Number(r.RatioToPlain)}</td><td>{r.Identical}/{r.Runs}</td>{(judged ? $"<td>{r.MeanLogProbability?.ToString("0.000", CultureInfo.InvariantCulture)}</td>" : "")}</tr>\n");
        page.Append("</table>\n");
    }

    private static bool IsPlain(BenchRow row) => row.Drafter == "none";

    private static string Label(BenchRow row) => $"{row.Drafter} · {row.Verifier}";

    private static string Number(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
