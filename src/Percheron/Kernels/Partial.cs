using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Percheron.Kernels;

/// <summary>The last, shorter block of a row: padded with zeros so that it takes the same operations as a full one. Never touches memory beyond the row.</summary>
internal static unsafe class Partial
{
    /// <summary>64 zero bytes: what stands in for a block that is missing.</summary>
    public static readonly byte* Zeros = (byte*)NativeMemory.AllocZeroed(64);

    /// <summary>Copies <paramref name="bytes"/> (at most 64, even) and fills up to 64 with zeros; returns <paramref name="padded"/>.</summary>
    public static byte* Pad(byte* padded, byte* source, int bytes)
    {
        for (int i = 0; i < 64; i += 16) Vector128<byte>.Zero.Store(padded + i);
        int at = 0;
        for (; at + 16 <= bytes; at += 16) Vector128.Load(source + at).Store(padded + at);
        if ((bytes & 8) != 0)
        {
            *(ulong*)(padded + at) = *(ulong*)(source + at);
            at += 8;
        }
        if ((bytes & 4) != 0)
        {
            *(uint*)(padded + at) = *(uint*)(source + at);
            at += 4;
        }
        if ((bytes & 2) != 0) *(ushort*)(padded + at) = *(ushort*)(source + at);
        return padded;
    }

    /// <summary><paramref name="count"/> (1 … 15) stored values, then zeros.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization), SkipLocalsInit]
    public static TLanes Load<TLanes, TStored>(byte* source, int count)
        where TLanes : unmanaged, ILanes<TLanes>
        where TStored : struct, IFloatWeights
    {
        byte* padded = stackalloc byte[64];
        return TStored.Load<TLanes>(Pad(padded, source, count * TStored.Bytes));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Load<TLanes>(float* source, int count)
        where TLanes : unmanaged, ILanes<TLanes> => Load<TLanes, StoredSingle>((byte*)source, count);

    /// <summary>Stores the first <paramref name="count"/> lanes.</summary>
    [MethodImpl(MethodImplOptions.NoInlining), SkipLocalsInit]
    public static void Store<TLanes>(TLanes value, float* target, int count)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        float* whole = stackalloc float[ILanes<TLanes>.Count];
        TLanes.Store(value, whole);
        for (int i = 0; i < count; i++) target[i] = whole[i];
    }
}
