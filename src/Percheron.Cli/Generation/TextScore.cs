using Percheron.Models;

namespace Percheron.Cli.Generation;

/// <summary>How probable a model finds a text.</summary>
internal static class TextScore
{
    private const int LogitsAtOnce = 1 << 22;

    /// <summary>Log-probability (natural logarithm) of every token given those before it; null for the first.</summary>
    /// <param name="ids">At most one more than the context holds: the last is only predicted, never read.</param>
    /// <param name="model">Its own law, whatever a sampler would make of it.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="Failure">It was ended.</exception>
    public static double?[] Of(ReadOnlySpan<int> ids, Transformer model, CancellationToken stop)
    {
        var logs = new double?[ids.Length];
        using KvCache cache = model.NewCache();
        Rows rows = new();
        int chunk = Math.Clamp(LogitsAtOnce / model.Vocab, 1, 128);
        for (int first = 0; first < ids.Length - 1; first += chunk)
        {
            if (stop.IsCancellationRequested) throw new Failure("cancelled.");
            int count = Math.Min(chunk, ids.Length - 1 - first);
            rows.Reset(cache);
            for (int i = 0; i < count; i++) rows.Add(ids[first + i], i - 1, logits: true);
            model.Forward([rows]);
            for (int i = 0; i < count; i++)
            {
                ReadOnlySpan<float> logits = rows.Logits(i);
                int next = first + i + 1;
                logs[next] = logits[ids[next]] - TokenLogProbabilities.LogSum(logits);
            }
            cache.Commit([.. Enumerable.Range(0, count)]);
        }
        return logs;
    }
}
