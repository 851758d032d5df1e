using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Percheron.Benchmarks.Roofline;

/// <summary>What one thread of this machine can do at most, measured: reading arrays of a size, and multiplying in registers.</summary>
public static unsafe class Limits
{
    private const int Rounds = 5;

    private delegate long Reader(byte* array, long length);

    private static readonly Dictionary<long, double> Bandwidths = [];
    private static double floats, bytes;

    /// <summary>Bytes a second that one thread reads of an array that is read over and over.</summary>
    /// <param name="size">Bytes of the array; rounded up, so that few sizes have to be measured.</param>
    public static double ReadBandwidth(long size)
    {
        // Sixteen sizes an octave: how much of an array a cache keeps depends on its size.
        long step = Math.Max(512, (long)System.Numerics.BitOperations.RoundUpToPowerOf2((ulong)size) / 32), length = (size + step - 1) / step * step;
        if (Bandwidths.TryGetValue(length, out double known)) return known;
        byte* array = (byte*)NativeMemory.AlignedAlloc((nuint)length, 64);
        NativeMemory.Clear(array, (nuint)length);
        long repeats = Math.Max(1, (1L << 27) / length);
        double seconds = Math.Min(Best(() => Repeat(One)), Best(() => Repeat(Four)));
        NativeMemory.AlignedFree(array);
        return Bandwidths[length] = repeats * (double)length / seconds;

        void Repeat(Reader read)
        {
            for (long i = 0; i < repeats; i++) read(array, length);
        }
    }

    /// <summary>Multiplications with addition a second: of floats, 16 lanes wide where there are 512 bits.</summary>
    public static double FloatRate => floats > 0 ? floats : floats = Rate(Floats, Vector512.IsHardwareAccelerated ? 16 : 8);

    /// <summary>Multiplications with addition a second of 8-bit integers by 512-bit VNNI; without VNNI four for each lane of a float.</summary>
    /// <remarks>.NET reaches 256 bits of it; the width that machine code of ours uses does twice as much in a cycle.</remarks>
    public static double IntegerRate => bytes > 0 ? bytes : bytes = AvxVnni.IsSupported ? Rate(Bytes, 32) * (Avx512BW.IsSupported ? 2 : 1) : 4 * FloatRate;

    private static double Rate(Action<int> loop, int lanes)
    {
        const int steps = 1 << 20;
        return 8.0 * lanes * steps / Best(() => loop(steps));
    }

    private static double Best(Action action)
    {
        double best = double.PositiveInfinity;
        for (int i = 0; i < Rounds; i++)
        {
            long start = Stopwatch.GetTimestamp();
            action();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        return best;
    }

    // Which is faster depends on the level of the memory: one stream or four, both fetched well ahead.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static long One(byte* array, long length)
    {
        const int ahead = 6144;
        Vector512<long> a = default, b = default;
        for (byte* end = array + length; array < end; array += 128)
        {
            if (Sse.IsSupported)
            {
                Sse.Prefetch0(array + ahead);
                Sse.Prefetch0(array + ahead + 64);
            }
            a |= Vector512.Load((long*)array);
            b |= Vector512.Load((long*)(array + 64));
        }
        return Vector512.Sum(a | b);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static long Four(byte* array, long length)
    {
        const int ahead = 2048;
        long quarter = length / 4;
        Vector512<long> a = default, b = default, c = default, d = default;
        for (byte* end = array + quarter; array < end; array += 64)
        {
            if (Sse.IsSupported)
            {
                Sse.Prefetch0(array + ahead);
                Sse.Prefetch0(array + quarter + ahead);
                Sse.Prefetch0(array + (2 * quarter) + ahead);
                Sse.Prefetch0(array + (3 * quarter) + ahead);
            }
            a |= Vector512.Load((long*)array);
            b |= Vector512.Load((long*)(array + quarter));
            c |= Vector512.Load((long*)(array + (2 * quarter)));
            d |= Vector512.Load((long*)(array + (3 * quarter)));
        }
        return Vector512.Sum(a | b | c | d);
    }

    // Eight independent chains hide the latency of each.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Floats(int steps)
    {
        if (Vector512.IsHardwareAccelerated) Floats512(steps);
        else Floats256(steps);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Floats512(int steps)
    {
        Vector512<float> a = default, b = default, c = default, d = default, e = default, f = default, g = default, h = default, x = Vector512.Create(1e-3f), y = Vector512.Create(0.5f);
        for (int i = 0; i < steps; i++)
        {
            (a, b, c, d) = (Vector512.FusedMultiplyAdd(x, y, a), Vector512.FusedMultiplyAdd(x, y, b), Vector512.FusedMultiplyAdd(x, y, c), Vector512.FusedMultiplyAdd(x, y, d));
            (e, f, g, h) = (Vector512.FusedMultiplyAdd(x, y, e), Vector512.FusedMultiplyAdd(x, y, f), Vector512.FusedMultiplyAdd(x, y, g), Vector512.FusedMultiplyAdd(x, y, h));
        }
        return Vector512.Sum(a + b + c + d + e + f + g + h);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Floats256(int steps)
    {
        Vector256<float> a = default, b = default, c = default, d = default, e = default, f = default, g = default, h = default, x = Vector256.Create(1e-3f), y = Vector256.Create(0.5f);
        for (int i = 0; i < steps; i++)
        {
            (a, b, c, d) = (Vector256.FusedMultiplyAdd(x, y, a), Vector256.FusedMultiplyAdd(x, y, b), Vector256.FusedMultiplyAdd(x, y, c), Vector256.FusedMultiplyAdd(x, y, d));
            (e, f, g, h) = (Vector256.FusedMultiplyAdd(x, y, e), Vector256.FusedMultiplyAdd(x, y, f), Vector256.FusedMultiplyAdd(x, y, g), Vector256.FusedMultiplyAdd(x, y, h));
        }
        return Vector256.Sum(a + b + c + d + e + f + g + h);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Bytes(int steps) => Bytes256(steps);

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static int Bytes256(int steps)
    {
        Vector256<int> a = default, b = default, c = default, d = default, e = default, f = default, g = default, h = default;
        Vector256<byte> x = Vector256.Create((byte)1);
        Vector256<sbyte> y = Vector256.Create((sbyte)1);
        for (int i = 0; i < steps; i++)
        {
            (a, b, c, d) = (AvxVnni.MultiplyWideningAndAdd(a, x, y), AvxVnni.MultiplyWideningAndAdd(b, x, y), AvxVnni.MultiplyWideningAndAdd(c, x, y), AvxVnni.MultiplyWideningAndAdd(d, x, y));
            (e, f, g, h) = (AvxVnni.MultiplyWideningAndAdd(e, x, y), AvxVnni.MultiplyWideningAndAdd(f, x, y), AvxVnni.MultiplyWideningAndAdd(g, x, y), AvxVnni.MultiplyWideningAndAdd(h, x, y));
        }
        return Vector256.Sum(a + b + c + d + e + f + g + h);
    }
}
