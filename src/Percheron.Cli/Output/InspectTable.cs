using Spectre.Console;

namespace Percheron.Cli.Output;

/// <summary>A model file on the screen.</summary>
internal static class InspectTable
{
    public static void Write(InspectReport report, Terminal terminal)
    {
        TextWriter output = terminal.Output;
        output.WriteLine($"{report.File}: {report.Format}{(report.Version is { } v ? " version " + v : "")}, {report.Architecture ?? "no architecture named"}, "
            + $"{Quantity.Count(report.Parameters)} parameters, {Quantity.Bytes(report.Bytes)}");
        Table metadata = Table("Metadata", "Value");
        foreach (var (key, value) in report.Metadata) metadata.AddRow(new Text(key), new Text(MetadataText.Display(value)));
        terminal.Write(metadata);
        Table tensors = Table("Tensor", "Type", "Shape [rows, columns]", "Size");
        foreach (TensorReport t in report.Tensors)
            tensors.AddRow(new Text(t.Name), new Text(t.Type), new Text("[" + string.Join(", ", t.Shape) + "]"), new Text(Quantity.Bytes(t.Bytes)));
        terminal.Write(tensors);
        Table types = Table("Type", "Tensors", "Parameters", "Size");
        foreach (TypeReport t in report.Types)
            types.AddRow(new Text(t.Type), new Text($"{t.Tensors}"), new Text(Quantity.Count(t.Parameters)), new Text(Quantity.Bytes(t.Bytes)));
        terminal.Write(types);
        if (report.Cost is { } cost) WriteCost(cost, output);
    }

    private static void WriteCost(CostReport cost, TextWriter output)
    {
        output.WriteLine("To run it:");
        output.WriteLine($"  weights read for each token   {Quantity.Bytes(cost.WeightBytesPerToken)}");
        output.WriteLine($"  cache of 1,024 positions      {Quantity.Bytes(cost.CacheBytesPer1KF16)} (f16), {Quantity.Bytes(cost.CacheBytesPer1KF32)} (f32)");
        output.WriteLine($"  memory at full context        {Quantity.Bytes(cost.EstimatedMemoryBytes)} ({cost.ContextLength:N0} positions)");
    }

    private static Table Table(params string[] columns) => new Table().Border(TableBorder.Simple).AddColumns([.. columns.Select(Markup.Escape)]);
}
