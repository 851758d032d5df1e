namespace Percheron.Planning;

/// <summary>How many steps drafted less than a drafter could, and why.</summary>
public sealed class PlanPauses
{
    private readonly long[] _steps = new long[Enum.GetValues<PlanPause>().Length];

    /// <summary>Steps of one kind.</summary>
    public long this[PlanPause pause] => _steps[(int)pause];

    /// <summary>All steps but those of <see cref="PlanPause.None"/>.</summary>
    public long Total => Sum() - _steps[0];

    /// <summary>The most frequent kind, <see cref="PlanPause.None"/> where there was none.</summary>
    public PlanPause Main
    {
        get
        {
            var main = PlanPause.None;
            for (int i = 1; i < _steps.Length; i++)
                if (_steps[i] > (main == PlanPause.None ? 0 : _steps[(int)main])) main = (PlanPause)i;
            return main;
        }
    }

    internal void Count(PlanPause pause) => _steps[(int)pause]++;

    private long Sum()
    {
        long sum = 0;
        foreach (long steps in _steps) sum += steps;
        return sum;
    }
}
