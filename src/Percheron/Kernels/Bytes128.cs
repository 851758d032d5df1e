using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace Percheron.Kernels;

/// <summary>Sixty-four bytes in four 128-bit vectors: portable operations, and the Arm dot product where the core has it.</summary>
internal readonly unsafe struct Bytes128(Vector128<byte> a, Vector128<byte> b, Vector128<byte> c, Vector128<byte> d) : IBytes64<Bytes128, Lanes128>
{
    public readonly Vector128<byte> A = a;
    public readonly Vector128<byte> B = b;
    public readonly Vector128<byte> C = c;
    public readonly Vector128<byte> D = d;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bytes128 Load(byte* lower, byte* upper) =>
        new(Vector128.Load(lower), Vector128.Load(lower + 16), Vector128.Load(upper), Vector128.Load(upper + 16));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bytes128 Load(byte* source) => Load(source, source + 32);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bytes128 LoadLower(byte* lower) => new(Vector128.Load(lower), Vector128.Load(lower + 16), Vector128<byte>.Zero, Vector128<byte>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bytes128 LoadNibbles(byte* lower, byte* upper)
    {
        Vector128<byte> a = Vector128.Load(lower), c = Vector128.Load(upper), low = Vector128.Create((byte)15);
        return new(a & low, a >>> 4, c & low, c >>> 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bytes128 Broadcast(byte value)
    {
        Vector128<byte> all = Vector128.Create(value);
        return new(all, all, all, all);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bytes128 Halves(byte lower, byte upper) =>
        new(Vector128.Create(lower), Vector128.Create(lower), Vector128.Create(upper), Vector128.Create(upper));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bytes128 Twice(ulong eightBytes)
    {
        Vector128<byte> bytes = Vector128.CreateScalar(eightBytes).AsByte();
        Vector128<byte> doubled = Vector128.Shuffle(bytes, Vector128.Create((byte)0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7));
        (Vector128<ushort> a, Vector128<ushort> b) = Vector128.Widen(doubled);
        return new(a.AsByte(), b.AsByte(), Vector128<byte>.Zero, Vector128<byte>.Zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bytes128 WidenSigned(sbyte* sixteen)
    {
        (Vector128<short> a, Vector128<short> b) = Vector128.Widen(Vector128.Load(sixteen));
        return new(a.AsByte(), b.AsByte(), Vector128<byte>.Zero, Vector128<byte>.Zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bytes128 Spread(Bytes128 table, int group)
    {
        Vector128<short> eight = (group < 2 ? table.A : table.B).AsInt16();
        short at = (short)(4 * (group % 2));
        return new(Repeat(eight, at), Repeat(eight, (short)(at + 1)), Repeat(eight, (short)(at + 2)), Repeat(eight, (short)(at + 3)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bytes128 Add(Bytes128 a, Bytes128 b) => new(a.A + b.A, a.B + b.B, a.C + b.C, a.D + b.D);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bytes128 And(Bytes128 a, Bytes128 b) => new(a.A & b.A, a.B & b.B, a.C & b.C, a.D & b.D);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bytes128 Or(Bytes128 a, Bytes128 b) => new(a.A | b.A, a.B | b.B, a.C | b.C, a.D | b.D);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bytes128 ShiftLeft(Bytes128 a, int count) => new(
        (a.A.AsUInt16() << count).AsByte(), (a.B.AsUInt16() << count).AsByte(), (a.C.AsUInt16() << count).AsByte(), (a.D.AsUInt16() << count).AsByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bytes128 ShiftRight(Bytes128 a, int count) => new(
        (a.A.AsUInt16() >>> count).AsByte(), (a.B.AsUInt16() >>> count).AsByte(), (a.C.AsUInt16() >>> count).AsByte(), (a.D.AsUInt16() >>> count).AsByte());

    /// <summary>The input itself: products here are signed by signed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bytes128 Magnitude(Bytes128 a) => a;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Dot(Bytes128 w, Bytes128 magnitude, Bytes128 x) => new(
        Vector128.ConvertToSingle(Dot(w.A, x.A)), Vector128.ConvertToSingle(Dot(w.B, x.B)),
        Vector128.ConvertToSingle(Dot(w.C, x.C)), Vector128.ConvertToSingle(Dot(w.D, x.D)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 AddScaledDot(Lanes128 sums, Bytes128 w, Bytes128 x, Bytes128 scales) => new(
        Scaled(sums.A, w.A, x.A, scales.A), Scaled(sums.B, w.B, x.B, scales.B), Scaled(sums.C, w.C, x.C, scales.C), Scaled(sums.D, w.D, x.D, scales.D));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 DotShorts(Bytes128 a, Bytes128 b) => new(Shorts(a.A, b.A), Shorts(a.B, b.B), Shorts(a.C, b.C), Shorts(a.D, b.D));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Repeat(Vector128<short> eight, short element) => Vector128.Shuffle(eight, Vector128.Create(element)).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Scaled(Vector128<float> sums, Vector128<byte> w, Vector128<byte> x, Vector128<byte> scales) =>
        (sums.AsInt32() + (Dot(w, x) * (scales.AsInt32() >> 16))).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Dot(Vector128<byte> w, Vector128<byte> x)
    {
        if (Dp.IsSupported) return Dp.DotProduct(Vector128<int>.Zero, w.AsSByte(), x.AsSByte());
        if (AdvSimd.Arm64.IsSupported)
        {
            Vector128<short> lower = AdvSimd.MultiplyWideningLower(w.GetLower().AsSByte(), x.GetLower().AsSByte());
            Vector128<short> upper = AdvSimd.MultiplyWideningUpper(w.AsSByte(), x.AsSByte());
            return AdvSimd.Arm64.AddPairwise(AdvSimd.AddPairwiseWidening(lower), AdvSimd.AddPairwiseWidening(upper));
        }
        (Vector128<short> w0, Vector128<short> w1) = Vector128.Widen(w.AsSByte());
        (Vector128<short> x0, Vector128<short> x1) = Vector128.Widen(x.AsSByte());

        // |product| ≤ 128 · 127 fits 16 bits. Even and odd 32-bit pair sums are gathered from both halves, then added.
        Vector128<int> p = Pairs(w0 * x0), q = Pairs(w1 * x1);
        Vector128<int> even = Vector128.Create(Vector128.Shuffle(p, Vector128.Create(0, 2, 0, 2)).GetLower(), Vector128.Shuffle(q, Vector128.Create(0, 2, 0, 2)).GetLower());
        Vector128<int> odd = Vector128.Create(Vector128.Shuffle(p, Vector128.Create(1, 3, 1, 3)).GetLower(), Vector128.Shuffle(q, Vector128.Create(1, 3, 1, 3)).GetLower());
        return even + odd;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Pairs(Vector128<short> shorts) => ((shorts.AsInt32() << 16) >> 16) + (shorts.AsInt32() >> 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Shorts(Vector128<byte> a, Vector128<byte> b)
    {
        Vector128<int> x = a.AsInt32(), y = b.AsInt32();
        return ((((x << 16) >> 16) * ((y << 16) >> 16)) + ((x >> 16) * (y >> 16))).AsSingle();
    }
}
