namespace Percheron.Models;

/// <summary>Which committed rows an overlay reads: the first ones, the latest ones, and the pieces in between that the last query liked best.</summary>
/// <param name="Sinks">First rows, which are always read: attention parks what it does not need there. Source: StreamingLLM, arXiv 2309.17453 §3.</param>
/// <param name="Window">Latest rows that are read at least; up to twice as many, so that they need not be gathered anew with every row.</param>
/// <param name="Chunks">Pieces of <see cref="ChunkRows"/> rows, for each key head of each layer those whose mean key has the largest product with the query. Source: TriForce, arXiv 2404.11912 §4.1.</param>
public sealed record SparseReading(int Sinks, int Window, int Chunks = 0)
{
    /// <summary>Rows of a piece.</summary>
    public const int ChunkRows = 16;

    /// <summary>The first of the latest rows that are read when <paramref name="length"/> rows are committed; a function of nothing else.</summary>
    public int FirstRecent(int length) => Math.Min(length, Math.Max(Sinks, ((length / Window) - 1) * Window));

    /// <exception cref="ArgumentOutOfRangeException">A window below 1, or a negative number.</exception>
    internal SparseReading Checked()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Window, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(Sinks);
        ArgumentOutOfRangeException.ThrowIfNegative(Chunks);
        return this;
    }
}
