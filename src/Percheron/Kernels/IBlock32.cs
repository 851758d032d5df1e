using System.Runtime.CompilerServices;

namespace Percheron.Kernels;

/// <summary>A stored block of 32 weights: a binary16 scale, then quants that are widened to signed bytes.</summary>
internal unsafe interface IBlock32
{
    static abstract int Bytes { get; }

    /// <summary>The quants of two blocks.</summary>
    static abstract TBytes Load<TBytes, TLanes>(byte* lower, byte* upper)
        where TBytes : unmanaged, IBytes64<TBytes, TLanes>
        where TLanes : unmanaged, ILanes<TLanes>;
}

/// <summary>Scale, 32 signed bytes.</summary>
internal readonly unsafe struct BlockQ8_0 : IBlock32
{
    public static int Bytes => 34;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TBytes Load<TBytes, TLanes>(byte* lower, byte* upper)
        where TBytes : unmanaged, IBytes64<TBytes, TLanes>
        where TLanes : unmanaged, ILanes<TLanes> => TBytes.Load(lower + 2, upper + 2);
}

/// <summary>Scale, 16 bytes: low nibbles are weights 0–15, high nibbles 16–31, each less 8.</summary>
internal readonly unsafe struct BlockQ4_0 : IBlock32
{
    public static int Bytes => 18;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TBytes Load<TBytes, TLanes>(byte* lower, byte* upper)
        where TBytes : unmanaged, IBytes64<TBytes, TLanes>
        where TLanes : unmanaged, ILanes<TLanes> => TBytes.Add(TBytes.LoadNibbles(lower + 2, upper + 2), TBytes.Broadcast(unchecked((byte)-8)));
}
