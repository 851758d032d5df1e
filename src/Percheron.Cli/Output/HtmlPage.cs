using System.Globalization;
using System.Net;
using System.Text;

namespace Percheron.Cli.Output;

/// <summary>A report as one HTML file that needs no other: paragraphs, tables, and plots drawn as SVG.</summary>
internal sealed class HtmlPage
{
    private const int BarWidth = 360, BarHeight = 16, RowHeight = 22;

    private const string Style = """
        body { font: 15px/1.45 system-ui, sans-serif; max-width: 62em; margin: 2em auto; padding: 0 1em; color: #1d2733; background: #fff }
        h1 { font-size: 1.5em } h2 { font-size: 1.15em; margin-top: 2em } p { margin: .4em 0 }
        table { border-collapse: collapse; margin: 1em 0 } th, td { padding: .25em .8em; border-bottom: 1px solid #dde3ea; text-align: right; font-variant-numeric: tabular-nums }
        th:first-child, td:first-child, th:nth-child(2), td:nth-child(2) { text-align: left } .plain td { color: #66707c }
        svg text { font: 12px system-ui, sans-serif; fill: #1d2733 } .bar { fill: #3b7dd8 } .bar.plain { fill: #b4bfcc } .one { stroke: #c0392b; stroke-dasharray: 3 3 } .span { stroke: #1d2733 }
        .bar.lossy { fill: #d8873b } .axis { stroke: #66707c } .note { background: #fff4d6; padding: .5em .8em } .left td { text-align: left } .fails { color: #c0392b }
        """;

    private readonly StringBuilder _page = new();

    public HtmlPage(string title) =>
        _page.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>").Append(Text(title)).Append("</title>\n<style>\n").Append(Style).Append("\n</style>\n</head>\n<body>\n<h1>").Append(Text(title)).Append("</h1>\n");

    /// <summary>A bar of a plot.</summary>
    /// <param name="Label">In front of it.</param>
    /// <param name="Value">Its length.</param>
    /// <param name="Kind">Its colour: <c>plain</c>, <c>lossy</c>, or nothing.</param>
    /// <param name="Low">Beginning of its interval; null draws none.</param>
    /// <param name="High">End of it.</param>
    public sealed record Bar(string Label, double Value, string Kind, double? Low = null, double? High = null);

    /// <summary>Text as HTML shows it.</summary>
    public static string Text(string text) => WebUtility.HtmlEncode(text);

    /// <summary>HTML as it is.</summary>
    public HtmlPage Add(string html)
    {
        _page.Append(html).Append('\n');
        return this;
    }

    /// <summary>A plot of bars, longest possible the largest value.</summary>
    /// <param name="title">Above it.</param>
    /// <param name="bars">At least one.</param>
    /// <param name="text">How values are written.</param>
    /// <param name="mark">A value that a dashed line stands at.</param>
    public void Bars(string title, IReadOnlyList<Bar> bars, Func<double, string> text, double? mark = null)
    {
        double most = Math.Max(bars.Max(b => Math.Max(b.Value, b.High ?? 0)), mark ?? 0);
        // A letter of the labels is about 7 wide.
        int labels = 12 + (7 * bars.Max(b => b.Label.Length)), height = (bars.Count * RowHeight) + 4;
        string Place(double value, double offset = 0) => (labels + offset + (most > 0 ? BarWidth * Math.Max(value, 0) / most : 0)).ToString("0.#", CultureInfo.InvariantCulture);
        Add($"<p>{Text(title)}</p>\n<svg role=\"img\" aria-label=\"{Text(title)}\" width=\"{labels + BarWidth + 60}\" height=\"{height}\">");
        for (int i = 0; i < bars.Count; i++)
        {
            Bar bar = bars[i];
            int top = i * RowHeight;
            string length = (most > 0 ? BarWidth * Math.Max(bar.Value, 0) / most : 0).ToString("0.#", CultureInfo.InvariantCulture);
            string span = bar is { Low: { } low, High: { } high } ? $"<line class=\"span\" x1=\"{Place(low)}\" x2=\"{Place(high)}\" y1=\"{top + 8}\" y2=\"{top + 8}\"/>" : "";
            Add($"<text x=\"0\" y=\"{top + 13}\">{Text(bar.Label)}</text><rect class=\"bar{(bar.Kind.Length > 0 ? " " + bar.Kind : "")}\" x=\"{labels}\" y=\"{top}\" width=\"{length}\" height=\"{BarHeight}\"/>{span}<text x=\"{Place(Math.Max(bar.Value, bar.High ?? 0), 5)}\" y=\"{top + 13}\">{text(bar.Value)}</text>");
        }
        if (mark is { } at && most > 0) Add($"<line class=\"one\" x1=\"{Place(at)}\" x2=\"{Place(at)}\" y1=\"0\" y2=\"{height}\"/>");
        Add("</svg>");
    }

    /// <summary>Writes the page; an existing file is replaced.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="option">Which option named it.</param>
    /// <exception cref="Failure">The file cannot be written.</exception>
    public void Write(string path, string option)
    {
        try
        {
            File.WriteAllText(path, ToString());
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            throw new Failure($"{option}: {wrong.Message}");
        }
    }

    public override string ToString() => _page + "</body>\n</html>\n";
}
