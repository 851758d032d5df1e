using System.Text.Json.Serialization;
using Percheron.Planning;

namespace Percheron.Cli.Output;

/// <summary><c>profile --json</c>, and what is saved of it.</summary>
/// <param name="Model">As it was named.</param>
/// <param name="Threads">That shared each forward.</param>
/// <param name="Instructions">Level of the kernels, and whether products are machine code of our own.</param>
/// <param name="Context">Tokens in the cache meanwhile.</param>
/// <param name="Rows">Milliseconds of a forward of n rows with logits for all.</param>
/// <param name="ReadBandwidthBytesPerSecond">What the same threads read from memory.</param>
/// <param name="WeightBytes">Weights that one row reads.</param>
/// <param name="BandwidthPercent">Weights ÷ T(1), of the bandwidth; above 100 where weights stay in the cache.</param>
/// <param name="CrossoverN">The first n measured whose T(n) is more than 1.5 × T(1), or null.</param>
/// <param name="Saved">Where this was kept for the planner, or null.</param>
internal sealed record ProfileReport(
    string Model, int Threads, string Instructions, int Context, ProfileReport.Row[] Rows, double ReadBandwidthBytesPerSecond, long WeightBytes, double BandwidthPercent, int? CrossoverN, string? Saved)
{
    /// <summary>One entry of T(n).</summary>
    internal sealed record Row([property: JsonPropertyName("n")] int N, double Ms);

    public static ProfileReport Of(string model, string instructions, MachineProfile profile, string? saved) => new(
        model, profile.Threads, instructions, profile.Context, [.. profile.Rows.ToArray().Select(r => new Row(r.N, r.Ms))], profile.ReadBandwidth, profile.WeightBytes,
        100 * profile.FloorMilliseconds / profile.Milliseconds(1), profile.Crossover(), saved);

    /// <summary>The profile again.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    public MachineProfile ToProfile() => new(Threads, Context, Rows.Select(r => new RowCost(r.N, r.Ms)), ReadBandwidthBytesPerSecond, WeightBytes);
}
