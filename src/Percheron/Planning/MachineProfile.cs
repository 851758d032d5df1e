namespace Percheron.Planning;

/// <summary>
/// What one model costs on one machine: T(n), the milliseconds of a forward of n rows, and the two numbers that bound T(1) from below. Measured by
/// <c>percheron profile</c>, kept per model and machine, and the start of what a planner knows.
/// </summary>
/// <remarks>Source: Chen et al. 2024, "Sequoia", §3.3 (hardware-aware choice of the tree from measured t(n)).</remarks>
public sealed class MachineProfile
{
    private readonly RowCost[] _rows;

    /// <param name="threads">Threads that shared each forward.</param>
    /// <param name="context">Committed positions in the cache during the measurement.</param>
    /// <param name="rows">At least one; n strictly ascending, times positive.</param>
    /// <param name="readBandwidth">Bytes per second that the same threads read from memory; 0 = not measured.</param>
    /// <param name="weightBytes">Bytes of weights that a forward of one row reads.</param>
    /// <exception cref="ArgumentException">The table is empty, not ascending, or holds an impossible time.</exception>
    public MachineProfile(int threads, int context, IEnumerable<RowCost> rows, double readBandwidth, long weightBytes)
    {
        (Threads, Context, _rows, ReadBandwidth, WeightBytes) = (threads, context, [.. rows], readBandwidth, weightBytes);
        if (_rows.Length == 0) throw new ArgumentException("a profile needs at least one measured number of rows", nameof(rows));
        for (int i = 0; i < _rows.Length; i++)
        {
            if (_rows[i].N <= (i == 0 ? 0 : _rows[i - 1].N)) throw new ArgumentException("the numbers of rows of a profile ascend from 1", nameof(rows));
            if (!(_rows[i].Ms > 0 && double.IsFinite(_rows[i].Ms))) throw new ArgumentException($"{_rows[i].Ms} ms for {_rows[i].N} rows is not a time", nameof(rows));
        }
    }

    public int Threads { get; }

    /// <summary>Committed positions in the cache during the measurement.</summary>
    public int Context { get; }

    /// <summary>Bytes per second; 0 = not measured.</summary>
    public double ReadBandwidth { get; }

    /// <summary>Bytes of weights that a forward of one row reads.</summary>
    public long WeightBytes { get; }

    /// <summary>What was measured, ascending.</summary>
    public ReadOnlySpan<RowCost> Rows => _rows;

    /// <summary>Milliseconds of one row at the bandwidth measured; 0 where it was not.</summary>
    public double FloorMilliseconds => ReadBandwidth > 0 ? 1e3 * WeightBytes / ReadBandwidth : 0;

    /// <summary>
    /// T(<paramref name="rows"/>) in milliseconds: straight lines between what was measured, the first value below it, and above it the slope of the last
    /// two, or in proportion where only one was measured. 0 rows cost nothing.
    /// </summary>
    public double Milliseconds(double rows)
    {
        if (rows <= 0) return 0;
        RowCost first = _rows[0], last = _rows[^1];
        if (rows <= first.N) return first.Ms;
        if (_rows.Length == 1) return first.Ms * rows / first.N;
        int upper = 1;
        while (upper < _rows.Length - 1 && _rows[upper].N < rows) upper++;
        RowCost below = _rows[upper - 1], above = _rows[upper];
        double line = below.Ms + (above.Ms - below.Ms) * (rows - below.N) / (above.N - below.N);
        // Noise may make the last slope negative; more rows are never free.
        return rows > last.N ? Math.Max(line, last.Ms) : line;
    }

    /// <summary>The smallest measured number of rows that takes more than <paramref name="times"/> × T(1); null where none does.</summary>
    public int? Crossover(double times = 1.5)
    {
        double limit = times * Milliseconds(1);
        foreach (RowCost row in _rows)
            if (row.Ms > limit) return row.N;
        return null;
    }
}
