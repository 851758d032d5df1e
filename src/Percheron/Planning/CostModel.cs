namespace Percheron.Planning;

/// <summary>
/// T(n, context, sequences) of a model: a table that starts from a measured profile, or from a guess, and follows what the steps of the loop really take.
/// </summary>
/// <remarks>
/// T = level × (shape(n) + what caches add), all corrected by each step in proportion to how uncertain they are: a machine that slows down moves the level, a guess that
/// was wrong for 8 rows the shape at 8. The shape at one row is 1, so plain steps of one sequence move the level alone. Every sequence has a cache to read, so 16 rows of
/// 16 sequences cost more than 16 of one, and further rows of each no more than before. Source: a scalar Kalman filter for each factor; SmartSpec, arXiv 2406.14066 §4.3
/// fits T in rows and context.
/// </remarks>
public sealed class CostModel
{
    // Relative variances: of one measurement, of the level from step to step, of the shape at first and from step to step.
    private const double Noise = 0.006, LevelDrift = 0.0003, ShapeDoubt = 0.02, ShapeDrift = 1e-5;

    // How far errors at different numbers of rows go together.
    private const double Likeness = 0.8;

    // A step that took much longer was interrupted: it is believed only as far as this.
    private const double Outlier = 0.6;

    // What a cached position may cost where nothing was measured, as a share of one row, and how much of itself that may change from step to step.
    private const double CachedDoubt = 2e-5, CachedDrift = 0.02;

    // What is assumed where nothing was measured: a tenth of a row each.
    private const double GuessedRow = 0.1;

    private static readonly int[] Knots = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 128, 256];

    private readonly double[] _shape = new double[Knots.Length], _doubt = new double[Knots.Length];
    private readonly double _perPosition;
    private double _level, _levelDoubt, _cached, _cachedDoubt;

    /// <summary>Starts from a profile; without one from 1 ms and a tenth of it for each further row, which the first steps put right.</summary>
    /// <param name="profile">T(n) as measured.</param>
    /// <param name="perPosition">Milliseconds of one row for each position it looks back at, beyond those of the profile.</param>
    /// <param name="perCached">Milliseconds for each position of each sequence, whatever rows look back at it, beyond those of the profile.</param>
    public CostModel(MachineProfile? profile = null, double perPosition = 0, double perCached = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(perPosition);
        ArgumentOutOfRangeException.ThrowIfNegative(perCached);
        Context = profile?.Context ?? 0;
        Known = profile?.Rows[^1].N ?? 1;
        double one = profile?.Milliseconds(1) ?? 1;
        for (int i = 0; i < Knots.Length; i++)
        {
            double relative = profile is null ? 1 + (GuessedRow * (Knots[i] - 1)) : profile.Milliseconds(Knots[i]) / one;
            // More rows never cost less; a measurement that says so was disturbed.
            _shape[i] = i == 0 ? 1 : Math.Max(relative, _shape[i - 1]);
            _doubt[i] = i == 0 ? 0 : profile is null ? 10 * ShapeDoubt : ShapeDoubt;
        }
        (_level, _levelDoubt, _perPosition, _cached) = (one, profile is null ? 1e6 : 0.05, perPosition / one, perCached / one);
        _cachedDoubt = Square(CachedDoubt + (5 * _cached));
    }

    private CostModel(CostModel other)
    {
        (_level, _levelDoubt, _perPosition, _cached, _cachedDoubt, Context, Known) = (other._level, other._levelDoubt, other._perPosition, other._cached, other._cachedDoubt, other.Context, other.Known);
        RowReadMs = other.RowReadMs;
        other._shape.CopyTo(_shape, 0);
        other._doubt.CopyTo(_doubt, 0);
    }

    /// <summary>Committed positions at which the table holds without a correction.</summary>
    public int Context { get; }

    /// <summary>The most rows that were ever measured; what is said of more is a guess.</summary>
    public int Known { get; private set; }

    /// <summary>Milliseconds for each of many rows that are only read, no logits of them wanted; NaN where that was not measured.</summary>
    public double RowReadMs { get; init; } = double.NaN;

    /// <summary>The same state, to go on separately.</summary>
    public CostModel Copy() => new(this);

    /// <summary>Milliseconds of a forward of <paramref name="rows"/> rows in all over <paramref name="context"/> committed positions of each of the sequences.</summary>
    public double Milliseconds(double rows, double context = 0, int sequences = 1) => _level * Relative(rows, context, sequences);

    /// <summary>Learns from a forward.</summary>
    /// <param name="rows">Rows evaluated; one that was begun elsewhere counts as what was left of it.</param>
    /// <param name="context">Mean number of committed positions under them.</param>
    /// <param name="milliseconds">What it took; ignored if it is not a time.</param>
    /// <param name="sequences">Sequences the rows belong to.</param>
    public void Observe(double rows, double context, double milliseconds, int sequences = 1)
    {
        if (rows <= 0 || !(milliseconds > 0) || !double.IsFinite(milliseconds)) return;
        double relative = Relative(rows, context, sequences), error = (milliseconds / (_level * relative)) - 1, cached = Cached(context, sequences) / relative;
        if (_levelDoubt < 1) error = Math.Min(error, Outlier);
        Known = Math.Max(Known, (int)rows);
        _levelDoubt += LevelDrift;
        _cachedDoubt += Square(CachedDrift * _cached);
        (int below, double weight) = Place(rows);
        // Beyond the last knot the line between the last two is as uncertain as the last.
        double share = Math.Min(weight, 1), shape = ((1 - share) * (1 - share) * _doubt[below]) + (share * share * _doubt[below + 1]), all = shape + _levelDoubt + (cached * cached * _cachedDoubt) + Noise;
        _level *= 1 + (error * _levelDoubt / all);
        _levelDoubt -= _levelDoubt * _levelDoubt / all;
        Correct(below, 1 - share, error, all);
        Correct(below + 1, share, error, all);
        double gain = cached * _cachedDoubt / all;
        _cached = Math.Max(0, _cached + (gain * error));
        _cachedDoubt -= gain * cached * _cachedDoubt;
    }

    // What is wrong at one number of rows is likely to be wrong at more rows as well, as far as these have not been seen themselves.
    private void Correct(int knot, double weight, double error, double all)
    {
        if (knot == 0 || weight == 0) return;
        double gain = weight * _doubt[knot] / all;
        for (int above = knot + 1; above < Knots.Length; above++)
        {
            if (_doubt[above] <= _doubt[knot]) continue;
            double shared = Likeness * weight * Math.Sqrt(_doubt[knot] * _doubt[above]) / all;
            _shape[above] = Math.Max(1, _shape[above] * (1 + (shared * error)));
        }
        _shape[knot] *= 1 + (gain * error);
        _doubt[knot] += ShapeDrift - (gain * weight * _doubt[knot]);
    }

    private double Relative(double rows, double context, int sequences)
    {
        if (rows <= 0) return 0;
        (int below, double weight) = Place(rows);
        // Less than a row is one that was begun elsewhere.
        return (_shape[below] * Math.Min(rows, 1)) + (weight * (_shape[below + 1] - _shape[below])) + (_perPosition * rows * Math.Max(0, context - Context)) + (_cached * Cached(context, sequences));
    }

    // Cached positions of all sequences beyond those that were there when the table was measured.
    private double Cached(double context, int sequences) => Math.Max(0, (context * sequences) - Context);

    private static double Square(double x) => x * x;

    // The knot at or below, and how far the way to the next one; behind the last two the line goes on.
    private static (int Below, double Weight) Place(double rows)
    {
        int below = 0;
        while (below < Knots.Length - 2 && Knots[below + 1] <= rows) below++;
        return (below, Math.Max(0, (rows - Knots[below]) / (Knots[below + 1] - Knots[below])));
    }
}
