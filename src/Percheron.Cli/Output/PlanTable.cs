using System.Globalization;
using Spectre.Console;

namespace Percheron.Cli.Output;

/// <summary>A plan on the screen.</summary>
internal static class PlanTable
{
    public static void Write(PlanReport report, Terminal terminal)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumns("Nodes", "Depth", "Target ms", "Draft ms", "Tokens", "Tokens/ms", "× plain");
        foreach (PlanRow r in report.Rows)
        {
            string mark = r.Nodes == report.Nodes ? "* " : "";
            table.AddRow(Cell(mark + r.Nodes.ToString(CultureInfo.InvariantCulture)), Cell(r.Depth.ToString(CultureInfo.InvariantCulture)), Cell(Number(r.TargetMs)), Cell(Number(r.DraftMs)),
                Cell(Number(r.ExpectedTokens)), Cell(Number(r.TokensPerMs)), Cell(Number(r.Speedup)));
        }
        terminal.Write(table);
        terminal.Output.WriteLine($"{report.Model}{(report.Draft is null ? "" : " with " + report.Draft)}, {report.Drafter}, {report.Threads} threads, a first candidate accepted {Number(100 * report.Acceptance)} % of the time");
        terminal.Output.WriteLine(report.Decision);
    }

    private static string Number(double value) => value.ToString(value is > 0 and < 1 ? "0.###" : "0.##", CultureInfo.InvariantCulture);

    private static Text Cell(string text) => new Text(text).RightJustified();
}
