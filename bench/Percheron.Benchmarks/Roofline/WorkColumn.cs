using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Parameters;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace Percheron.Benchmarks.Roofline;

/// <summary>A number made of a benchmark's median time and its work.</summary>
/// <param name="name">Title.</param>
/// <param name="legend">What it means.</param>
/// <param name="value">Of median seconds, work, this case and the whole summary; null shows nothing.</param>
public sealed class WorkColumn(string name, string legend, Func<double, Work, BenchmarkCase, Summary, string?> value) : IColumn
{
    public static IColumn Bandwidth { get; } = new WorkColumn("GB/s", "bytes the kernel has to read and write, by its median time", (s, w, _, _) => w.Bytes == 0 ? null : Text(w.Bytes / s / 1e9));

    public static IColumn MacRate { get; } = new WorkColumn("GMAC/s", "multiplications with addition, by its median time", (s, w, _, _) => w.Macs == 0 ? null : Text(w.Macs / s / 1e9));

    public static IColumn Limit { get; } = new WorkColumn("% of limit", "floor of the time on one thread, by bytes read over and over or by operations in registers, as a part of the median; both limits are measured", (s, w, _, _) => w.Bytes == 0 ? null :
        Text(100 * Math.Max(w.Bytes / Limits.ReadBandwidth(w.Bytes), w.Macs == 0 ? 0 : w.Macs / (w.Integer ? Limits.IntegerRate : Limits.FloatRate)) / s));

    public static IColumn Scalar { get; } = new WorkColumn("× scalar", "median of the scalar form by this one", (s, _, benchmark, summary) =>
        summary.Reports.FirstOrDefault(r => IsScalarOf(r.BenchmarkCase, benchmark))?.ResultStatistics is { } scalar ? Text(scalar.Median / 1e9 / s) : null);

    public string Id => nameof(WorkColumn) + name;

    public string ColumnName => name;

    public bool AlwaysShow => true;

    public ColumnCategory Category => ColumnCategory.Custom;

    public int PriorityInCategory => 0;

    public bool IsNumeric => true;

    public UnitType UnitType => UnitType.Dimensionless;

    public string Legend => legend;

    public bool IsAvailable(Summary summary) => true;

    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) => GetValue(summary, benchmarkCase);

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase) =>
        summary[benchmarkCase]?.ResultStatistics is { } result && WorkOf(benchmarkCase) is { } work ? value(result.Median / 1e9, work, benchmarkCase, summary) ?? "" : "";

    private static Work? WorkOf(BenchmarkCase benchmark)
    {
        if (Activator.CreateInstance(benchmark.Descriptor.Type) is not IMeasuredWork known) return null;
        foreach (ParameterInstance parameter in benchmark.Parameters.Items) benchmark.Descriptor.Type.GetProperty(parameter.Name)!.SetValue(known, parameter.Value);
        return known.WorkOf(benchmark.Descriptor.WorkloadMethod.Name);
    }

    private static bool IsScalarOf(BenchmarkCase scalar, BenchmarkCase benchmark) =>
        scalar.Descriptor.WorkloadMethod == benchmark.Descriptor.WorkloadMethod
        && scalar.Parameters.Items.All(p => p.Value is Kernels.KernelForm form ? form == Kernels.KernelForm.Scalar : Equals(p.Value, benchmark.Parameters[p.Name]));

    private static string Text(double value) => value.ToString(value < 10 ? "0.00" : value < 100 ? "0.0" : "0", CultureInfo.InvariantCulture);
}
