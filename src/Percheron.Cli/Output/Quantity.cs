using System.Globalization;

namespace Percheron.Cli.Output;

/// <summary>Numbers as people read them.</summary>
internal static class Quantity
{
    /// <summary>Bytes with a binary unit: <c>11.4 MiB</c>.</summary>
    public static string Bytes(long bytes) => bytes < 1024 ? $"{bytes} B" : Scaled(bytes, 1024, ["KiB", "MiB", "GiB", "TiB"]);

    /// <summary>A count with a decimal unit: <c>264 K</c>.</summary>
    public static string Count(long count) => count < 1000 ? count.ToString(CultureInfo.InvariantCulture) : Scaled(count, 1000, ["K", "M", "G", "T"]);

    /// <summary>A rate: <c>123.4</c>.</summary>
    public static string Rate(double rate) => rate.ToString(rate < 10 ? "0.00" : rate < 1000 ? "0.0" : "0", CultureInfo.InvariantCulture);

    private static string Scaled(double value, double unit, string[] names)
    {
        int at = -1;
        do
        {
            value /= unit;
            at++;
        }
        while (value >= unit && at < names.Length - 1);
        return value.ToString(value < 10 ? "0.00" : value < 100 ? "0.0" : "0", CultureInfo.InvariantCulture) + " " + names[at];
    }
}
