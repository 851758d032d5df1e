using System.Globalization;
using Percheron.Cli;
using Percheron.Cli.Hosting;
using Percheron.Kernels;
using Percheron.Models;

namespace Percheron.Benchmarks.Runs;

/// <summary>Options of the end-to-end benchmarks, as <c>--name value</c>.</summary>
internal sealed class RunOptions
{
    private readonly Dictionary<string, string> _values = [];

    /// <exception cref="Failure">An option is unknown or lacks its value.</exception>
    public RunOptions(ReadOnlySpan<string> arguments, params ReadOnlySpan<string> known)
    {
        for (int i = 0; i < arguments.Length; i += 2)
        {
            if (!known.Contains(arguments[i])) throw Failure.Usage($"there is no option '{arguments[i]}' here; there are {string.Join(", ", known.ToArray())}.");
            if (i + 1 == arguments.Length) throw Failure.Usage($"{arguments[i]} lacks its value.");
            _values[arguments[i]] = arguments[i + 1];
        }
    }

    /// <summary>The models: <c>-m</c>, <c>-md</c>, <c>-t</c>; the embedded ones without.</summary>
    public ModelSettings Models => new(Text("-m"), Text("-md"), null, CacheType.Auto, Number("-t", PhysicalCores.Count));

    public string? Text(string name) => _values.GetValueOrDefault(name);

    public int Number(string name, int standard) => Numbers(name, [standard])[0];

    public float Real(string name, float standard) =>
        Text(name) is not { } text ? standard : float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float value) ? value : throw Failure.Usage($"{name} takes a number, not '{text}'.");

    /// <summary>Whole numbers separated by commas.</summary>
    public int[] Numbers(string name, int[] standard) =>
        Text(name) is not { } text ? standard : [.. text.Split(',').Select(t => int.TryParse(t, NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : throw Failure.Usage($"{name} takes whole numbers, not '{t}'."))];
}
