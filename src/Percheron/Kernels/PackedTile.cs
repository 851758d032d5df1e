using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Percheron.Kernels;

/// <summary>
/// Products of packed weights with <see cref="ActivationsQ8"/>. Lane r belongs to row r of a group of eight: its output is one chain of FMAs, a block at a time, of
/// (exact integer sum) × (weight scale × activation scale). There is no horizontal sum, so every form on every machine gives the same bits.
/// </summary>
internal readonly unsafe struct PackedTile<TBlock, TDot>
    where TBlock : struct, IPackedBlock
    where TDot : struct, IPackedDot
{
    /// <summary>Two groups of rows × four activation rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void TwoByFour(byte* w0, byte* w1, byte* x0, long xBytes, int columns, Vector256<float>* y)
    {
        byte* x1 = x0 + xBytes, x2 = x1 + xBytes, x3 = x2 + xBytes;
        nint scales = ActivationsQ8.ScalesAt(columns), sums = ActivationsQ8.SumsAt(columns);
        Vector256<float> f00 = default, f01 = default, f02 = default, f03 = default, f10 = default, f11 = default, f12 = default, f13 = default;
        for (nint b = 0; b < columns / 32; b++, w0 += TBlock.Bytes, w1 += TBlock.Bytes)
        {
            Vector256<int> a00 = Start(x0 + sums, b), a01 = Start(x1 + sums, b), a02 = Start(x2 + sums, b), a03 = Start(x3 + sums, b);
            Vector256<int> a10 = a00, a11 = a01, a12 = a02, a13 = a03;
            for (nint c = 0, at = b * 32; c < 4; c++, at += 4)
                Quarter(w0 + 16 + (c * 32), w1 + 16 + (c * 32), x0 + at, x1 + at, x2 + at, x3 + at, ref a00, ref a10, ref a01, ref a11, ref a02, ref a12, ref a03, ref a13);
            Vector256<float> s0 = Scales(w0), s1 = Scales(w1), scale = Scale(x0 + scales, b);
            (f00, f10) = (Step(f00, a00, s0, scale), Step(f10, a10, s1, scale));
            scale = Scale(x1 + scales, b);
            (f01, f11) = (Step(f01, a01, s0, scale), Step(f11, a11, s1, scale));
            scale = Scale(x2 + scales, b);
            (f02, f12) = (Step(f02, a02, s0, scale), Step(f12, a12, s1, scale));
            scale = Scale(x3 + scales, b);
            (f03, f13) = (Step(f03, a03, s0, scale), Step(f13, a13, s1, scale));
        }
        (y[0], y[1], y[2], y[3], y[4], y[5], y[6], y[7]) = (f00, f10, f01, f11, f02, f12, f03, f13);
    }

    /// <summary>Two groups of rows × three activation rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void TwoByThree(byte* w0, byte* w1, byte* x0, long xBytes, int columns, Vector256<float>* y)
    {
        byte* x1 = x0 + xBytes, x2 = x1 + xBytes;
        nint scales = ActivationsQ8.ScalesAt(columns), sums = ActivationsQ8.SumsAt(columns);
        Vector256<float> f00 = default, f01 = default, f02 = default, f10 = default, f11 = default, f12 = default;
        for (nint b = 0; b < columns / 32; b++, w0 += TBlock.Bytes, w1 += TBlock.Bytes)
        {
            Vector256<int> a00 = Start(x0 + sums, b), a01 = Start(x1 + sums, b), a02 = Start(x2 + sums, b);
            Vector256<int> a10 = a00, a11 = a01, a12 = a02;
            for (nint c = 0, at = b * 32; c < 4; c++, at += 4)
                Quarter(w0 + 16 + (c * 32), w1 + 16 + (c * 32), x0 + at, x1 + at, x2 + at, ref a00, ref a10, ref a01, ref a11, ref a02, ref a12);
            Vector256<float> s0 = Scales(w0), s1 = Scales(w1), scale = Scale(x0 + scales, b);
            (f00, f10) = (Step(f00, a00, s0, scale), Step(f10, a10, s1, scale));
            scale = Scale(x1 + scales, b);
            (f01, f11) = (Step(f01, a01, s0, scale), Step(f11, a11, s1, scale));
            scale = Scale(x2 + scales, b);
            (f02, f12) = (Step(f02, a02, s0, scale), Step(f12, a12, s1, scale));
        }
        (y[0], y[1], y[2], y[3], y[4], y[5]) = (f00, f10, f01, f11, f02, f12);
    }

    /// <summary>Two groups of rows × two activation rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void TwoByTwo(byte* w0, byte* w1, byte* x0, long xBytes, int columns, Vector256<float>* y)
    {
        byte* x1 = x0 + xBytes;
        nint scales = ActivationsQ8.ScalesAt(columns), sums = ActivationsQ8.SumsAt(columns);
        Vector256<float> f00 = default, f01 = default, f10 = default, f11 = default;
        for (nint b = 0; b < columns / 32; b++, w0 += TBlock.Bytes, w1 += TBlock.Bytes)
        {
            Vector256<int> a00 = Start(x0 + sums, b), a01 = Start(x1 + sums, b);
            Vector256<int> a10 = a00, a11 = a01;
            for (nint c = 0, at = b * 32; c < 4; c++, at += 4)
                Quarter(w0 + 16 + (c * 32), w1 + 16 + (c * 32), x0 + at, x1 + at, ref a00, ref a10, ref a01, ref a11);
            Vector256<float> s0 = Scales(w0), s1 = Scales(w1), scale = Scale(x0 + scales, b);
            (f00, f10) = (Step(f00, a00, s0, scale), Step(f10, a10, s1, scale));
            scale = Scale(x1 + scales, b);
            (f01, f11) = (Step(f01, a01, s0, scale), Step(f11, a11, s1, scale));
        }
        (y[0], y[1], y[2], y[3]) = (f00, f10, f01, f11);
    }

    /// <summary>Two groups of rows × one activation row. The halves of a block have sums of their own, so that additions need not wait for each other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void TwoByOne(byte* w0, byte* w1, byte* x, int columns, Vector256<float>* y)
    {
        nint scales = ActivationsQ8.ScalesAt(columns), sums = ActivationsQ8.SumsAt(columns);
        Vector256<float> f0 = default, f1 = default;
        for (nint b = 0; b < columns / 32; b++, w0 += TBlock.Bytes, w1 += TBlock.Bytes)
        {
            Vector256<int> a0 = Start(x + sums, b), a1 = a0, b0 = default, b1 = default;
            for (nint c = 0, at = b * 32; c < 4; c++, at += 4)
                Quarter(w0 + 16 + (c * 32), w1 + 16 + (c * 32), x + at, ref a0, ref a1, ref b0, ref b1);
            Vector256<float> scale = Scale(x + scales, b);
            (f0, f1) = (Step(f0, a0 + b0, Scales(w0), scale), Step(f1, a1 + b1, Scales(w1), scale));
        }
        (y[0], y[1]) = (f0, f1);
    }

    // A quarter of a block: two chunks, sixteen columns apart.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Quarter(byte* w0, byte* w1, byte* x0, byte* x1, byte* x2, byte* x3, ref Vector256<int> a00, ref Vector256<int> a10, ref Vector256<int> a01, ref Vector256<int> a11, ref Vector256<int> a02, ref Vector256<int> a12, ref Vector256<int> a03, ref Vector256<int> a13)
    {
        (Vector256<byte> p, Vector256<byte> r) = TBlock.Chunks(w0);
        (Vector256<byte> q, Vector256<byte> s) = TBlock.Chunks(w1);
        (a00, a10) = Add(a00, a10, p, q, x0);
        (a00, a10) = Add(a00, a10, r, s, x0 + 16);
        (a01, a11) = Add(a01, a11, p, q, x1);
        (a01, a11) = Add(a01, a11, r, s, x1 + 16);
        (a02, a12) = Add(a02, a12, p, q, x2);
        (a02, a12) = Add(a02, a12, r, s, x2 + 16);
        (a03, a13) = Add(a03, a13, p, q, x3);
        (a03, a13) = Add(a03, a13, r, s, x3 + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Quarter(byte* w0, byte* w1, byte* x0, byte* x1, byte* x2, ref Vector256<int> a00, ref Vector256<int> a10, ref Vector256<int> a01, ref Vector256<int> a11, ref Vector256<int> a02, ref Vector256<int> a12)
    {
        (Vector256<byte> p, Vector256<byte> r) = TBlock.Chunks(w0);
        (Vector256<byte> q, Vector256<byte> s) = TBlock.Chunks(w1);
        (a00, a10) = Add(a00, a10, p, q, x0);
        (a00, a10) = Add(a00, a10, r, s, x0 + 16);
        (a01, a11) = Add(a01, a11, p, q, x1);
        (a01, a11) = Add(a01, a11, r, s, x1 + 16);
        (a02, a12) = Add(a02, a12, p, q, x2);
        (a02, a12) = Add(a02, a12, r, s, x2 + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Quarter(byte* w0, byte* w1, byte* x0, byte* x1, ref Vector256<int> a00, ref Vector256<int> a10, ref Vector256<int> a01, ref Vector256<int> a11)
    {
        (Vector256<byte> p, Vector256<byte> r) = TBlock.Chunks(w0);
        (Vector256<byte> q, Vector256<byte> s) = TBlock.Chunks(w1);
        (a00, a10) = Add(a00, a10, p, q, x0);
        (a00, a10) = Add(a00, a10, r, s, x0 + 16);
        (a01, a11) = Add(a01, a11, p, q, x1);
        (a01, a11) = Add(a01, a11, r, s, x1 + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Quarter(byte* w0, byte* w1, byte* x, ref Vector256<int> a0, ref Vector256<int> a1, ref Vector256<int> b0, ref Vector256<int> b1)
    {
        (Vector256<byte> p, Vector256<byte> r) = TBlock.Chunks(w0);
        (Vector256<byte> q, Vector256<byte> s) = TBlock.Chunks(w1);
        (a0, a1) = Add(a0, a1, p, q, x);
        (b0, b1) = Add(b0, b1, r, s, x + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Start(byte* sums, nint block) => TDot.Start(TBlock.Offset, ((int*)sums)[block]);

    // One chunk of either group times the same four activations.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<int> First, Vector256<int> Second) Add(Vector256<int> a, Vector256<int> b, Vector256<byte> p, Vector256<byte> q, byte* x)
    {
        Vector256<sbyte> four = Vector256.Create(*(int*)x).AsSByte();
        return (TDot.Add(a, p, four, TBlock.Offset), TDot.Add(b, q, four, TBlock.Offset));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Scale(byte* scales, nint block) => Vector256.Create(((float*)scales)[block]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Step(Vector256<float> f, Vector256<int> sums, Vector256<float> weightScales, Vector256<float> scale) =>
        Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(sums), weightScales * scale, f);

    // Eight halves: exponent and fraction moved into place and multiplied by 2^112, which is exact for normal and subnormal numbers. A scale is finite.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Scales(byte* halves)
    {
        (Vector128<uint> lower, Vector128<uint> upper) = Vector128.Widen(Vector128.Load((ushort*)halves));
        Vector256<uint> h = Vector256.Create(lower, upper);
        Vector256<float> magnitude = ((h & Vector256.Create(0x7fffu)) << 13).AsSingle() * Vector256.Create(5.192296858534828e33f);
        return (magnitude.AsUInt32() | ((h & Vector256.Create(0x8000u)) << 16)).AsSingle();
    }
}
