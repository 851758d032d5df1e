using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Percheron.Kernels;

/// <summary>
/// Products of one packed group with <see cref="ActivationsQ8"/>; two vectors hold its sixteen rows. Lane r belongs to row r: its output is one chain of FMAs, a block at a time,
/// of (exact integer sum) × (weight scale × activation scale). There is no horizontal sum, so every form on every machine gives the same bits.
/// </summary>
internal readonly unsafe struct PackedTile<TBlock, TDot>
    where TBlock : struct, IPackedBlock
    where TDot : struct, IPackedDot
{
    /// <summary>Sixteen outputs × four activation rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ByFour(byte* w, byte* x0, long xBytes, int columns, Vector256<float>* y)
    {
        byte* x1 = x0 + xBytes, x2 = x1 + xBytes, x3 = x2 + xBytes;
        nint blocks = Blocks(columns), scales = ActivationsQ8.ScalesAt(columns), starts = ActivationsQ8.StartsAt(columns);
        Vector256<float> f00 = default, f01 = default, f02 = default, f03 = default, f10 = default, f11 = default, f12 = default, f13 = default;
        for (nint b = 0; b < blocks; b++, w += Next(b))
        {
            Vector256<int> a00 = Start(x0 + starts, b), a01 = Start(x1 + starts, b), a02 = Start(x2 + starts, b), a03 = Start(x3 + starts, b);
            Vector256<int> a10 = a00, a11 = a01, a12 = a02, a13 = a03;
            for (nint c = 0, at = b * 32; c < 4; c++, at += 4)
                Quarter(w + (c * 64), x0 + at, x1 + at, x2 + at, x3 + at, ref a00, ref a10, ref a01, ref a11, ref a02, ref a12, ref a03, ref a13);
            Vector256<float> s0 = Scales(w, b, 0), s1 = Scales(w, b, 16), scale = Scale(x0 + scales, b);
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

    /// <summary>Sixteen outputs × three activation rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ByThree(byte* w, byte* x0, long xBytes, int columns, Vector256<float>* y)
    {
        byte* x1 = x0 + xBytes, x2 = x1 + xBytes;
        nint blocks = Blocks(columns), scales = ActivationsQ8.ScalesAt(columns), starts = ActivationsQ8.StartsAt(columns);
        Vector256<float> f00 = default, f01 = default, f02 = default, f10 = default, f11 = default, f12 = default;
        for (nint b = 0; b < blocks; b++, w += Next(b))
        {
            Vector256<int> a00 = Start(x0 + starts, b), a01 = Start(x1 + starts, b), a02 = Start(x2 + starts, b);
            Vector256<int> a10 = a00, a11 = a01, a12 = a02;
            for (nint c = 0, at = b * 32; c < 4; c++, at += 4)
                Quarter(w + (c * 64), x0 + at, x1 + at, x2 + at, ref a00, ref a10, ref a01, ref a11, ref a02, ref a12);
            Vector256<float> s0 = Scales(w, b, 0), s1 = Scales(w, b, 16), scale = Scale(x0 + scales, b);
            (f00, f10) = (Step(f00, a00, s0, scale), Step(f10, a10, s1, scale));
            scale = Scale(x1 + scales, b);
            (f01, f11) = (Step(f01, a01, s0, scale), Step(f11, a11, s1, scale));
            scale = Scale(x2 + scales, b);
            (f02, f12) = (Step(f02, a02, s0, scale), Step(f12, a12, s1, scale));
        }
        (y[0], y[1], y[2], y[3], y[4], y[5]) = (f00, f10, f01, f11, f02, f12);
    }

    /// <summary>Sixteen outputs × two activation rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ByTwo(byte* w, byte* x0, long xBytes, int columns, Vector256<float>* y)
    {
        byte* x1 = x0 + xBytes;
        nint blocks = Blocks(columns), scales = ActivationsQ8.ScalesAt(columns), starts = ActivationsQ8.StartsAt(columns);
        Vector256<float> f00 = default, f01 = default, f10 = default, f11 = default;
        for (nint b = 0; b < blocks; b++, w += Next(b))
        {
            Vector256<int> a00 = Start(x0 + starts, b), a01 = Start(x1 + starts, b);
            Vector256<int> a10 = a00, a11 = a01;
            for (nint c = 0, at = b * 32; c < 4; c++, at += 4)
                Quarter(w + (c * 64), x0 + at, x1 + at, ref a00, ref a10, ref a01, ref a11);
            Vector256<float> s0 = Scales(w, b, 0), s1 = Scales(w, b, 16), scale = Scale(x0 + scales, b);
            (f00, f10) = (Step(f00, a00, s0, scale), Step(f10, a10, s1, scale));
            scale = Scale(x1 + scales, b);
            (f01, f11) = (Step(f01, a01, s0, scale), Step(f11, a11, s1, scale));
        }
        (y[0], y[1], y[2], y[3]) = (f00, f10, f01, f11);
    }

    /// <summary>Sixteen outputs × one activation row. The halves of a block have sums of their own, so that additions need not wait for each other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ByOne(byte* w, byte* x, int columns, Vector256<float>* y)
    {
        nint blocks = Blocks(columns), scales = ActivationsQ8.ScalesAt(columns), starts = ActivationsQ8.StartsAt(columns);
        Vector256<float> f0 = default, f1 = default;
        for (nint b = 0; b < blocks; b++, w += Next(b))
        {
            Vector256<int> a0 = Start(x + starts, b), a1 = a0, b0 = default, b1 = default;
            for (nint c = 0, at = b * 32; c < 4; c++, at += 4)
                Quarter(w + (c * 64), x + at, ref a0, ref a1, ref b0, ref b1);
            Vector256<float> scale = Scale(x + scales, b);
            (f0, f1) = (Step(f0, a0 + b0, Scales(w, b, 0), scale), Step(f1, a1 + b1, Scales(w, b, 16), scale));
        }
        (y[0], y[1]) = (f0, f1);
    }

    // A quarter of a block: two chunks, sixteen columns apart; p and r are those of rows 0 … 7, q and s those of rows 8 … 15.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Quarter(byte* w, byte* x0, byte* x1, byte* x2, byte* x3, ref Vector256<int> a00, ref Vector256<int> a10, ref Vector256<int> a01, ref Vector256<int> a11, ref Vector256<int> a02, ref Vector256<int> a12, ref Vector256<int> a03, ref Vector256<int> a13)
    {
        (Vector256<byte> p, Vector256<byte> r) = TBlock.Chunks(w);
        (Vector256<byte> q, Vector256<byte> s) = TBlock.Chunks(w + 32);
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
    private static void Quarter(byte* w, byte* x0, byte* x1, byte* x2, ref Vector256<int> a00, ref Vector256<int> a10, ref Vector256<int> a01, ref Vector256<int> a11, ref Vector256<int> a02, ref Vector256<int> a12)
    {
        (Vector256<byte> p, Vector256<byte> r) = TBlock.Chunks(w);
        (Vector256<byte> q, Vector256<byte> s) = TBlock.Chunks(w + 32);
        (a00, a10) = Add(a00, a10, p, q, x0);
        (a00, a10) = Add(a00, a10, r, s, x0 + 16);
        (a01, a11) = Add(a01, a11, p, q, x1);
        (a01, a11) = Add(a01, a11, r, s, x1 + 16);
        (a02, a12) = Add(a02, a12, p, q, x2);
        (a02, a12) = Add(a02, a12, r, s, x2 + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Quarter(byte* w, byte* x0, byte* x1, ref Vector256<int> a00, ref Vector256<int> a10, ref Vector256<int> a01, ref Vector256<int> a11)
    {
        (Vector256<byte> p, Vector256<byte> r) = TBlock.Chunks(w);
        (Vector256<byte> q, Vector256<byte> s) = TBlock.Chunks(w + 32);
        (a00, a10) = Add(a00, a10, p, q, x0);
        (a00, a10) = Add(a00, a10, r, s, x0 + 16);
        (a01, a11) = Add(a01, a11, p, q, x1);
        (a01, a11) = Add(a01, a11, r, s, x1 + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Quarter(byte* w, byte* x, ref Vector256<int> a0, ref Vector256<int> a1, ref Vector256<int> b0, ref Vector256<int> b1)
    {
        (Vector256<byte> p, Vector256<byte> r) = TBlock.Chunks(w);
        (Vector256<byte> q, Vector256<byte> s) = TBlock.Chunks(w + 32);
        (a0, a1) = Add(a0, a1, p, q, x);
        (b0, b1) = Add(b0, b1, r, s, x + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Start(byte* starts, nint block) => TDot.Start(((int*)starts)[block] >> TBlock.StartShift);

    // One chunk of either half times the same four activations.
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

    // Blocks come in pairs; the second of the last pair is all zeros where the columns are not a multiple of 64.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint Blocks(int columns) => (nint)(columns + 63) / 64 * 2;

    // Bytes from the quants of one block to those of the next: a pair's scales lie behind its second block. Evaluated when b is the next one already.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint Next(nint b) => TBlock.QuantBytes + ((~b & 1) * 64);

    // Eight of the sixteen scales of block b, from a byte offset on.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Scales(byte* w, nint b, nint from)
    {
        byte* halves = w + (2 * TBlock.QuantBytes) - ((b & 1) * (TBlock.QuantBytes - 32)) + from;
        (Vector128<uint> lower, Vector128<uint> upper) = Vector128.Widen(Vector128.Load((ushort*)halves));
        Vector256<uint> h = Vector256.Create(lower, upper);
        return HalfConversion.Widen(h);
    }
}
