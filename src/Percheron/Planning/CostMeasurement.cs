using Percheron.Models;
using Percheron.Models.Heads;

namespace Percheron.Planning;

/// <summary>A quick look at what a model costs, at load: enough to begin with, the steps of the loop put the rest right.</summary>
public static class CostMeasurement
{
    private const int Context = 128, FarContext = 1024;

    // Most rounds; the shortest time of each counts, because whatever disturbs a measurement makes it longer.
    private const int Rounds = 4;

    private static readonly int[] Counts = [1, 2, 4, 8, 16];

    // What batches and prompts take; left out where it is too slow to measure.
    private const int Many = 64;

    /// <summary>T(n) for a few n in turn, near the start of the context and far from it.</summary>
    /// <param name="model">Runs on caches of its own; nothing of it is kept.</param>
    /// <param name="time">The clock.</param>
    /// <param name="budgetMs">No round is begun after so many milliseconds; the first is always run.</param>
    /// <param name="reading">Whether it is measured, too, what rows take that are only read, as a draft reads a prompt.</param>
    public static CostModel Measure(IModel model, TimeProvider time, double budgetMs = 250, bool reading = false)
    {
        int near = Math.Min(Context, model.ContextLength / 2), far = Math.Min(FarContext, model.ContextLength - Counts[^1] - 1), room = model.ContextLength - near;
        int[] counts = [.. Counts.Where(n => n < room)];
        if (counts.Length == 0) return new CostModel();
        using KvCache cache = Filled(model, near), farCache = Filled(model, Math.Max(far, near));
        var rows = new Rows();
        double[] best = new double[counts.Length + 2];
        Array.Fill(best, double.MaxValue);
        Time(model, rows, cache, counts[0], time);
        long start = time.GetTimestamp();
        for (int round = 0; round < Rounds && (round == 0 || time.GetElapsedTime(start).TotalMilliseconds < budgetMs); round++)
        {
            for (int i = 0; i < counts.Length; i++) best[i] = Math.Min(best[i], Time(model, rows, cache, counts[i], time));
            if (far <= 2 * near) continue;
            best[^2] = Math.Min(best[^2], Time(model, rows, farCache, 1, time));
            best[^1] = Math.Min(best[^1], Time(model, rows, farCache, counts[^1], time));
        }
        if (best[0] <= 0) return new CostModel();
        for (int i = 1; i < counts.Length; i++) best[i] = Math.Max(best[i], best[i - 1]);
        // One row at a far context pays for the cache and for itself, many rows for the cache once.
        (double perPosition, double perCached) = (0, 0);
        if (far > 2 * near && counts.Length > 1)
        {
            double one = Math.Max(0, best[^2] - best[0]) / (far - near), many = Math.Max(0, best[^1] - best[counts.Length - 1]) / (far - near);
            perPosition = Math.Max(0, many - one) / (counts[^1] - 1);
            perCached = Math.Max(0, one - perPosition);
        }
        IEnumerable<RowCost> costs = counts.Select((n, i) => new RowCost(n, best[i]));
        int most = Many < room && 6 * best[counts.Length - 1] < budgetMs ? Many : counts[^1];
        // Where each row is answered far ahead, so many at once are no use to anybody, and their answers are large.
        if (most == Many && model.LevelCost >= 1) costs = costs.Append(new RowCost(Many, Math.Max(Math.Min(Time(model, rows, cache, Many, time), Time(model, rows, cache, Many, time)), best[counts.Length - 1])));
        double read = reading ? Math.Min(Time(model, rows, cache, most, time, logits: false), Time(model, rows, cache, most, time, logits: false)) / most : double.NaN;
        return new CostModel(new MachineProfile(1, near, costs, 0, 0), perPosition, perCached) { RowReadMs = read };
    }

    // Rows that were never computed: what stands in them does not change what reading them takes.
    private static KvCache Filled(IModel model, int length)
    {
        KvCache cache = model.NewCache();
        int[] rows = new int[length];
        for (int i = 0; i < length; i++) rows[i] = cache.Append(i - 1);
        cache.Commit(rows);
        return cache;
    }

    private static double Time(IModel model, Rows rows, KvCache cache, int count, TimeProvider time, bool logits = true)
    {
        // A head is told the state before each row, as it is in decoding: otherwise every row would wait for the one before.
        if (cache is HeadCache head)
            for (int position = Math.Max(0, cache.Length - 1); position < cache.Length + count - 1; position++) head.Tell(position).Clear();
        rows.Reset(cache);
        for (int i = 0; i < count; i++) rows.Add(0, i - 1, logits);
        long start = time.GetTimestamp();
        model.Forward([rows]);
        double elapsed = time.GetElapsedTime(start).TotalMilliseconds;
        cache.Commit([]);
        return elapsed;
    }
}
