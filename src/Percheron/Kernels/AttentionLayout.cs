namespace Percheron.Kernels;

/// <summary>
/// How <see cref="Attention"/> finds the keys and values of one key-value head. Keys stand in blocks of 16 slots, [slot / 16][headDim][slot mod 16], so
/// that lanes are positions and a score needs no horizontal sum; values stand in rows, [slot][ValueStride], zero behind the head.
/// </summary>
public static class AttentionLayout
{
    /// <summary>Slots of a block of keys.</summary>
    public const int Block = 16;

    /// <summary>Areas have room for a multiple of this many slots; scores are computed for so many at once.</summary>
    public const int Slots = 2 * Block;

    /// <summary>Elements from one value to the next: the head in whole pairs of vectors.</summary>
    public static int ValueStride(int headDim) => (headDim + 31) & ~31;

    /// <summary>Where element 0 of a key lies; element d lies d · <see cref="Block"/> behind it.</summary>
    public static long KeyStart(int slot, int headDim) => ((long)(slot / Block) * headDim * Block) + (slot % Block);
}
