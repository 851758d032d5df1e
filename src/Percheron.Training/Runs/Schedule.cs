namespace Percheron.Training.Runs;

/// <summary>
/// The learning rate over a run: a short rise, a plateau, a fall to zero. Only the fall depends on where the run ends, so a run that is limited
/// by time decides that late, from its measured speed, and still ends at zero.
/// Source: Hu et al., "MiniCPM" (2024), section 4 (warm-up, stable, decay).
/// </summary>
public static class Schedule
{
    /// <summary>Steps of the rise.</summary>
    public const int Rise = 40;

    /// <summary>Fraction of the run after which the rate falls.</summary>
    public const double FallFrom = 0.45;

    /// <summary>The factor on the highest rate at a step; <paramref name="fallStart"/> and <paramref name="end"/> are negative while undecided.</summary>
    public static double Factor(long step, long fallStart, long end)
    {
        double rise = Math.Min(1, (step + 1.0) / Rise);
        return fallStart < 0 || step < fallStart ? rise : rise * Math.Max(0, (double)(end - step) / (end - fallStart));
    }
}
