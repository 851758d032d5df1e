using System.Runtime.CompilerServices;

namespace Percheron.Kernels;

/// <summary>
/// The keys and values one query row sees for one key-value head, in position order: positions [FirstPosition, PrefixLength) of a contiguous prefix, then
/// the rows of a scratch area that <see cref="TailRows"/> lists (ancestors from the oldest to the youngest, then the row itself).
/// </summary>
public readonly unsafe struct AttentionSpan
{
    /// <summary>Key of position 0.</summary>
    public required byte* Keys { get; init; }

    /// <summary>Value of position 0.</summary>
    public required byte* Values { get; init; }

    /// <summary>Bytes from one position of the prefix, or one row of the scratch area, to the next.</summary>
    public required long Stride { get; init; }

    /// <summary>Positions in the prefix.</summary>
    public required int PrefixLength { get; init; }

    /// <summary>The first position that is seen: 0, or the start of a sliding window (which may lie in the tail).</summary>
    public int FirstPosition { get; init; }

    /// <summary>Key of scratch row 0.</summary>
    public byte* TailKeys { get; init; }

    /// <summary>Value of scratch row 0.</summary>
    public byte* TailValues { get; init; }

    /// <summary>[TailCount] scratch rows; entry i has the position PrefixLength + i.</summary>
    public int* TailRows { get; init; }

    /// <summary>Entries of <see cref="TailRows"/>.</summary>
    public int TailCount { get; init; }

    /// <summary>Whether keys and values are binary16; else they are floats.</summary>
    public required bool Half { get; init; }

    /// <summary>Whether it is known that no binary16 key or value is an infinity or NaN; saying so makes reading them cheaper and changes no bit.</summary>
    public bool Finite { get; init; }

    /// <summary>One past the last position.</summary>
    public int End => PrefixLength + TailCount;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal byte* Key(int position) => position < PrefixLength ? Keys + (position * Stride) : TailKeys + (TailRows[position - PrefixLength] * Stride);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal byte* Value(int position) => position < PrefixLength ? Values + (position * Stride) : TailValues + (TailRows[position - PrefixLength] * Stride);
}
