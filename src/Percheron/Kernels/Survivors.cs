using System.Numerics;
using System.Runtime.CompilerServices;

namespace Percheron.Kernels;

/// <summary>Finds the few large elements of a long row.</summary>
internal static unsafe class Survivors
{
    /// <summary>Indices of the elements above <paramref name="floor"/>, ascending; NaN never is. Returns how many; <paramref name="found"/> has room for all of x.</summary>
    public static int Above(ReadOnlySpan<float> x, float floor, Span<int> found)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(found.Length, x.Length, nameof(found));
        fixed (float* p = x)
        fixed (int* f = found)
        {
            return InstructionSet.Active switch
            {
                InstructionLevel.Avx512 => Above<Lanes512>(p, x.Length, floor, f),
                InstructionLevel.Avx2 => Above<Lanes256>(p, x.Length, floor, f),
                InstructionLevel.AdvSimd => Above<Lanes128>(p, x.Length, floor, f),
                _ => Above<LanesScalar>(p, x.Length, floor, f),
            };
        }
    }

    /// <summary>
    /// The largest of each sixteenth of every stretch: lane l of stretch s, at 16 s + l, is the maximum of x[16 i + l] over the stretch's <paramref name="blocks"/> blocks of
    /// sixteen. NaN is passed over; −∞ where there is no number. <paramref name="peaks"/> has room for 16 values of each stretch, the last, shorter one included.
    /// </summary>
    public static void Peaks(ReadOnlySpan<float> x, int blocks, Span<float> peaks)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(peaks.Length, Stretches(x.Length, blocks) * 16, nameof(peaks));
        fixed (float* p = x, m = peaks)
        {
            switch (InstructionSet.Active)
            {
                case InstructionLevel.Avx512: Peaks<Lanes512>(p, x.Length, blocks, m); break;
                case InstructionLevel.Avx2: Peaks<Lanes256>(p, x.Length, blocks, m); break;
                case InstructionLevel.AdvSimd: Peaks<Lanes128>(p, x.Length, blocks, m); break;
                default: Peaks<LanesScalar>(p, x.Length, blocks, m); break;
            }
        }
    }

    /// <summary>Stretches of so many blocks of sixteen in a row of <paramref name="count"/>.</summary>
    public static int Stretches(int count, int blocks) => (count + (16 * blocks) - 1) / (16 * blocks);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Above<TLanes>(float* x, int count, float floor, int* found)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes bound = TLanes.Broadcast(floor);
        int n = 0, whole = count & ~15;
        for (int i = 0; i < whole; i += 16)
            for (uint bits = TLanes.Above(TLanes.Load(x + i), bound); bits != 0; bits &= bits - 1) found[n++] = i + BitOperations.TrailingZeroCount(bits);
        for (int i = whole; i < count; i++)
            if (x[i] > floor) found[n++] = i;
        return n;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Peaks<TLanes>(float* x, int count, int blocks, float* peaks)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes nothing = TLanes.Broadcast(float.NegativeInfinity);
        int stretch = 16 * blocks, whole = count & ~15;
        for (int from = 0; from < count; from += stretch, peaks += 16)
        {
            int end = Math.Min(from + stretch, whole), at = from;
            TLanes most = nothing, second = nothing;
            for (; at + 32 <= end; at += 32)
            {
                TLanes a = TLanes.Load(x + at), b = TLanes.Load(x + at + 16);
                most = TLanes.WhereGreater(a, most, a, most);
                second = TLanes.WhereGreater(b, second, b, second);
            }
            if (at < end)
            {
                TLanes a = TLanes.Load(x + at);
                most = TLanes.WhereGreater(a, most, a, most);
            }
            TLanes.Store(TLanes.WhereGreater(second, most, second, most), peaks);
            if (end - from < stretch)
                for (int i = whole; i < count; i++) peaks[i - whole] = x[i] > peaks[i - whole] ? x[i] : peaks[i - whole];
        }
    }
}
