using System.Globalization;
using Percheron.Planning;
using Spectre.Console;

namespace Percheron.Cli.Output;

/// <summary>A profile on the screen.</summary>
internal static class ProfileTable
{
    private const int Bar = 40;

    public static void Write(ProfileReport report, Terminal terminal)
    {
        MachineProfile profile = report.ToProfile();
        double one = profile.Milliseconds(1), longest = report.Rows.Max(r => r.Ms);
        Table table = new Table().Border(TableBorder.Simple).AddColumns("rows", "ms", "× one row", "ms a row", "");
        foreach (ProfileReport.Row row in report.Rows)
        {
            table.AddRow(
                Right(row.N.ToString(CultureInfo.InvariantCulture)), Right(Number(row.Ms)), Right(Number(row.Ms / one)), Right(Number(row.Ms / row.N)),
                new Text(new string('█', Math.Max(1, (int)Math.Round(Bar * row.Ms / longest)))));
        }
        terminal.Write(table);
        TextWriter output = terminal.Output;
        output.WriteLine($"{report.Model}, {report.Threads} threads, {report.Instructions}, {report.Context} tokens in the cache, logits for all rows, lower quartiles");
        output.WriteLine($"memory read at        {Gigabytes(report.ReadBandwidthBytesPerSecond)}");
        output.WriteLine($"one row reads         {Quantity.Bytes(report.WeightBytes)} of weights, {Gigabytes(1e3 * report.WeightBytes / one)}: {Number(report.BandwidthPercent)} % of the bandwidth"
            + (report.BandwidthPercent > 100 ? " (these weights stay in the cache)" : ""));
        output.WriteLine(report.CrossoverN is { } n
            ? $"cheap rows end at     {n}: the first that takes more than 1.5 times as long as one row"
            : $"cheap rows end at     none measured takes more than 1.5 times as long as one row");
        if (report.Saved is not null) output.WriteLine($"kept for the planner  {report.Saved}");
    }

    private static string Gigabytes(double bytesPerSecond) => $"{(bytesPerSecond / 1e9).ToString("0.0", CultureInfo.InvariantCulture)} GB/s";

    private static string Number(double value) => value.ToString(value < 10 ? "0.000" : value < 100 ? "0.00" : "0.0", CultureInfo.InvariantCulture);

    private static Text Right(string text) => new Text(text).RightJustified();
}
