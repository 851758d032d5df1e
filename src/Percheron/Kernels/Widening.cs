using System.Runtime.CompilerServices;

namespace Percheron.Kernels;

/// <summary>Stored floats as floats.</summary>
internal static unsafe class Widening<TLanes, TStored>
    where TLanes : unmanaged, ILanes<TLanes>
    where TStored : struct, IFloatWeights
{
    /// <summary>Widens <paramref name="count"/> values, a multiple of 16; what is stored as floats is used where it lies.</summary>
    /// <returns>Where they are.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static float* Run(byte* source, int count, float* target)
    {
        if (TStored.Bytes == sizeof(float)) return (float*)source;
        for (nint i = 0; i < count; i += 16) TLanes.Store(TStored.Load<TLanes>(source + (i * TStored.Bytes)), target + i);
        return target;
    }
}
