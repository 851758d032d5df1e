using System.Numerics;
using System.Runtime.CompilerServices;

namespace Percheron.Kernels;

/// <summary>The softmax of sampling, over a whole vocabulary: weights, their sum, and the division by it.</summary>
/// <remarks>
/// Sums are kept in two floats for each of sixteen lanes, the second of them the rounding errors of the first (Knuth's two-sum), and folded in double precision: as exact
/// as a sum of doubles, by float operations that are the same in every form.
/// </remarks>
internal static unsafe class SamplingWeights
{
    /// <summary>
    /// y[i] = e^((x[i] − max) ÷ temperature), 0 where x[i] is −∞ or not a number; y may be x. Returns the sum; <paramref name="whole"/> says whether every x[i] was a
    /// number above −∞.
    /// </summary>
    public static double Apply(ReadOnlySpan<float> x, Span<float> y, float max, float temperature, out bool whole)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(y.Length, x.Length, nameof(y));
        fixed (float* p = x, q = y)
        {
            return InstructionSet.Active switch
            {
                InstructionLevel.Avx512 => Apply<Lanes512>(p, q, x.Length, max, temperature, out whole),
                InstructionLevel.Avx2 => Apply<Lanes256>(p, q, x.Length, max, temperature, out whole),
                InstructionLevel.AdvSimd => Apply<Lanes128>(p, q, x.Length, max, temperature, out whole),
                _ => Apply<LanesScalar>(p, q, x.Length, max, temperature, out whole),
            };
        }
    }

    /// <summary>x[i] ÷= total, in place, by the reciprocal in two floats.</summary>
    public static void Divide(Span<float> x, double total)
    {
        fixed (float* p = x)
        {
            switch (InstructionSet.Active)
            {
                case InstructionLevel.Avx512: Divide<Lanes512>(p, x.Length, total); break;
                case InstructionLevel.Avx2: Divide<Lanes256>(p, x.Length, total); break;
                case InstructionLevel.AdvSimd: Divide<Lanes128>(p, x.Length, total); break;
                default: Divide<LanesScalar>(p, x.Length, total); break;
            }
        }
    }

    /// <summary>The sum of the weights whose key lies above <paramref name="floor"/>, and how many there are.</summary>
    public static double Above(ReadOnlySpan<float> keys, ReadOnlySpan<float> weights, float floor, out int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(weights.Length, keys.Length, nameof(weights));
        fixed (float* k = keys, w = weights)
        {
            return InstructionSet.Active switch
            {
                InstructionLevel.Avx512 => Above<Lanes512>(k, w, keys.Length, floor, out count),
                InstructionLevel.Avx2 => Above<Lanes256>(k, w, keys.Length, floor, out count),
                InstructionLevel.AdvSimd => Above<Lanes128>(k, w, keys.Length, floor, out count),
                _ => Above<LanesScalar>(k, w, keys.Length, floor, out count),
            };
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Apply<TLanes>(float* x, float* y, int count, float max, float temperature, out bool whole)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes most = TLanes.Broadcast(max), heat = TLanes.Broadcast(temperature), nothing = TLanes.Broadcast(float.NegativeInfinity), one = TLanes.Broadcast(1f);
        TLanes sum = TLanes.Zero, error = TLanes.Zero, missing = TLanes.Zero;
        int full = count & ~15, rest = count & 15;
        for (int i = 0; i < full; i += 16)
        {
            TLanes key = TLanes.Load(x + i), weight = Weight(key, most, heat, nothing);
            missing = TLanes.WhereGreater(key, nothing, missing, one);
            TLanes.Store(weight, y + i);
            Add(weight, ref sum, ref error);
        }
        bool complete = TLanes.Above(missing, TLanes.Zero) == 0;
        if (rest > 0)
        {
            // What stands in for the missing elements of the last block is neither stored nor summed.
            for (int i = full; i < count; i++) complete &= x[i] > float.NegativeInfinity;
            Partial.Store(Weight(Partial.Load<TLanes>(x + full, rest), most, heat, nothing), y + full, rest);
            Add(Partial.Load<TLanes>(y + full, rest), ref sum, ref error);
        }
        whole = complete;
        return Fold(sum, error);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Weight<TLanes>(TLanes key, TLanes max, TLanes temperature, TLanes nothing)
        where TLanes : unmanaged, ILanes<TLanes> =>
        TLanes.WhereGreater(key, nothing, Exponential.Of(TLanes.Divide(TLanes.Subtract(key, max), temperature)), TLanes.Zero);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Divide<TLanes>(float* x, int count, double total)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        double reciprocal = 1 / total;
        TLanes upper = TLanes.Broadcast((float)reciprocal), lower = TLanes.Broadcast((float)(reciprocal - (float)reciprocal));
        int full = count & ~15, rest = count & 15;
        for (int i = 0; i < full; i += 16)
        {
            TLanes value = TLanes.Load(x + i);
            TLanes.Store(TLanes.Fma(value, upper, TLanes.Multiply(value, lower)), x + i);
        }
        if (rest == 0) return;
        TLanes last = Partial.Load<TLanes>(x + full, rest);
        Partial.Store(TLanes.Fma(last, upper, TLanes.Multiply(last, lower)), x + full, rest);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Above<TLanes>(float* keys, float* weights, int count, float floor, out int above)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes bound = TLanes.Broadcast(floor), sum = TLanes.Zero, error = TLanes.Zero;
        int full = count & ~15, n = 0;
        for (int i = 0; i < full; i += 16)
        {
            TLanes key = TLanes.Load(keys + i);
            n += BitOperations.PopCount(TLanes.Above(key, bound));
            Add(TLanes.WhereGreater(key, bound, TLanes.Load(weights + i), TLanes.Zero), ref sum, ref error);
        }
        double last = 0;
        for (int i = full; i < count; i++)
        {
            if (!(keys[i] > floor)) continue;
            n++;
            last += weights[i];
        }
        above = n;
        return Fold(sum, error) + last;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TLanes>(TLanes value, ref TLanes sum, ref TLanes error)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        TLanes next = TLanes.Add(sum, value), part = TLanes.Subtract(next, sum);
        error = TLanes.Add(error, TLanes.Add(TLanes.Subtract(sum, TLanes.Subtract(next, part)), TLanes.Subtract(value, part)));
        sum = next;
    }

    private static double Fold<TLanes>(TLanes sum, TLanes error)
        where TLanes : unmanaged, ILanes<TLanes>
    {
        float* lanes = stackalloc float[32];
        TLanes.Store(sum, lanes);
        TLanes.Store(error, lanes + 16);
        double total = 0;
        for (int i = 0; i < 16; i++) total += lanes[i] + (double)lanes[16 + i];
        return total;
    }
}
