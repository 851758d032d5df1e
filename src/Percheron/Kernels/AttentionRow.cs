namespace Percheron.Kernels;

/// <summary>What one query row sees, in position order: positions [First, Contiguous) in slots of the same number, then those of <see cref="Tail"/>.</summary>
public unsafe struct AttentionRow
{
    /// <summary>The first position that is seen: 0, or the start of a sliding window (which may lie in the tail).</summary>
    public int First;

    /// <summary>Positions that lie in the slots of their number.</summary>
    public int Contiguous;

    /// <summary>[TailCount] slots of the scratch area; entry i has the position Contiguous + i (ancestors from the oldest to the youngest, then the row itself).</summary>
    public int* Tail;

    /// <summary>Entries of <see cref="Tail"/>.</summary>
    public int TailCount;

    /// <summary>One past the last position.</summary>
    public readonly int End => Contiguous + TailCount;
}
