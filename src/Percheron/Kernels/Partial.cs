using System.Runtime.CompilerServices;

namespace Percheron.Kernels;

/// <summary>The last, shorter block of a row: padded with zeros so that it takes the same operations as a full one. Never touches memory beyond the row.</summary>
internal static unsafe class Partial
{
    /// <summary><paramref name="count"/> (1 … 15) stored values, then zeros.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static TLanes Load<TLanes, TStored>(byte* source, int count)
        where TLanes : unmanaged, ILanes<TLanes>
        where TStored : struct, IFloatWeights
    {
        ulong* padded = stackalloc ulong[8];
        Unsafe.InitBlockUnaligned(padded, 0, 64);
        Unsafe.CopyBlockUnaligned(padded, source, (uint)(count * TStored.Bytes));
        return TStored.Load<TLanes>((byte*)padded);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Load<TLanes>(float* source, int count)
        where TLanes : unmanaged, ILanes<TLanes> => Load<TLanes, StoredSingle>((byte*)source, count);

    /// <summary>Stores the first <paramref name="count"/> lanes.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Store<TLanes>(TLanes value, float* target, int count)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        float* whole = stackalloc float[ILanes<TLanes>.Count];
        TLanes.Store(value, whole);
        for (int i = 0; i < count; i++) target[i] = whole[i];
    }
}
