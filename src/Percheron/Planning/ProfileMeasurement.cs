using Percheron.Models;

namespace Percheron.Planning;

/// <summary>
/// Measures a <see cref="MachineProfile"/> with care: rounds in which the memory and every number of rows have their turn, so that a machine that changes its speed favours none;
/// of each the lower quartile counts, because what disturbs a measurement makes it longer.
/// </summary>
public sealed class ProfileMeasurement
{
    private const int FewestRounds = 3, MostRounds = 41;
    private readonly Transformer _model;
    private readonly TimeProvider _time;
    private readonly int _context;
    private readonly int[] _counts;

    /// <param name="model">Runs on a cache of its own.</param>
    /// <param name="time">The clock.</param>
    /// <param name="context">Tokens in the cache; fewer where the model holds fewer.</param>
    public ProfileMeasurement(Transformer model, TimeProvider time, int context = 128)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(context);
        (_model, _time) = (model, time);
        _context = Math.Min(context, Math.Max(0, model.ContextLength - Counts[^1]));
        _counts = [.. Counts.Where(n => _context + n <= model.ContextLength)];
    }

    /// <summary>The numbers of rows that have their turn; those beyond the model's context are left out.</summary>
    public static IReadOnlyList<int> Counts { get; } = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 64];

    /// <summary>No round is begun after this; three are always run.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Measures.</summary>
    /// <param name="progress">Told the share of the time done, 0 to 1, after each forward.</param>
    /// <param name="stop">Ends the measurement after the round in progress.</param>
    /// <exception cref="OperationCanceledException">Nothing was complete when it was stopped.</exception>
    public MachineProfile Measure(IProgress<double>? progress = null, CancellationToken stop = default)
    {
        using ReadProbe probe = new();
        using KvCache cache = Filled();
        Rows rows = new();
        List<double> reads = [];
        List<double>[] forwards = [.. _counts.Select(_ => new List<double>())];
        // The first round compiles and grows buffers, and does not count.
        Round(probe, cache, rows, [], null, null);
        long begun = _time.GetTimestamp();
        for (int round = 0; round < MostRounds && (round < FewestRounds || _time.GetElapsedTime(begun) < Patience) && !stop.IsCancellationRequested; round++)
            Round(probe, cache, rows, reads, forwards, progress is null ? null : () => progress.Report(Math.Min(1, _time.GetElapsedTime(begun) / Patience)));
        if (reads.Count == 0) throw new OperationCanceledException(stop);
        progress?.Report(1);
        return new MachineProfile(
            _model.Team.Threads, _context, _counts.Select((n, i) => new RowCost(n, LowerQuartile(forwards[i]))), 1e3 * probe.Bytes / LowerQuartile(reads), _model.WeightBytes);
    }

    private void Round(ReadProbe probe, KvCache cache, Rows rows, List<double> reads, List<double>[]? forwards, Action? turn)
    {
        long start = _time.GetTimestamp();
        _model.Team.Run(probe);
        reads.Add(_time.GetElapsedTime(start).TotalMilliseconds);
        // Small models live in the cache, from which the reading has driven them.
        Fill(rows, cache, 1);
        _model.Forward([rows]);
        cache.Commit([]);
        for (int i = 0; i < _counts.Length; i++)
        {
            Fill(rows, cache, _counts[i]);
            start = _time.GetTimestamp();
            _model.Forward([rows]);
            forwards?[i].Add(_time.GetElapsedTime(start).TotalMilliseconds);
            cache.Commit([]);
            turn?.Invoke();
        }
    }

    private KvCache Filled()
    {
        KvCache cache = _model.NewCache();
        if (_context == 0) return cache;
        Rows rows = new();
        Fill(rows, cache, _context, logits: false);
        _model.Forward([rows]);
        cache.Commit([.. Enumerable.Range(0, _context)]);
        return cache;
    }

    // Tokens all over the vocabulary, as text has them.
    private void Fill(Rows rows, KvCache cache, int count, bool logits = true)
    {
        rows.Reset(cache);
        for (int i = 0; i < count; i++) rows.Add((int)(i * 7919L % _model.Vocab), i - 1, logits);
    }

    private static double LowerQuartile(List<double> samples)
    {
        samples.Sort();
        return samples[(samples.Count - 1) / 4];
    }
}
