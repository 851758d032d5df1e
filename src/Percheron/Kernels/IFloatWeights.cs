using System.Runtime.CompilerServices;

namespace Percheron.Kernels;

/// <summary>A stored float type and how sixteen of its values are widened.</summary>
internal unsafe interface IFloatWeights
{
    static abstract int Bytes { get; }

    static abstract TLanes Load<TLanes>(byte* source)
        where TLanes : unmanaged, ILanes<TLanes>;
}

internal readonly unsafe struct StoredSingle : IFloatWeights
{
    public static int Bytes => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Load<TLanes>(byte* source)
        where TLanes : unmanaged, ILanes<TLanes> => TLanes.Load((float*)source);
}

internal readonly unsafe struct StoredHalf : IFloatWeights
{
    public static int Bytes => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Load<TLanes>(byte* source)
        where TLanes : unmanaged, ILanes<TLanes> => TLanes.LoadHalf((ushort*)source);
}

/// <summary>Binary16 without infinities and NaN.</summary>
internal readonly unsafe struct StoredFiniteHalf : IFloatWeights
{
    public static int Bytes => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Load<TLanes>(byte* source)
        where TLanes : unmanaged, ILanes<TLanes> => TLanes.LoadFiniteHalf((ushort*)source);
}
