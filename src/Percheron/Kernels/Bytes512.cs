using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Percheron.Kernels;

/// <summary>Sixty-four bytes in one 512-bit vector. Products go through VPMADDUBSW, whose pair sums stay within 16 bits for the ranges allowed.</summary>
internal readonly unsafe struct Bytes512(Vector512<byte> value) : IBytes64<Bytes512, Lanes512>
{
    public readonly Vector512<byte> Value = value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bytes512 Load(byte* lower, byte* upper) => new(Join(Vector256.Load(lower), Vector256.Load(upper)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bytes512 Load(byte* source) => new(Vector512.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bytes512 LoadLower(byte* lower) => new(Vector256.Load(lower).ToVector512());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bytes512 LoadNibbles(byte* lower, byte* upper)
    {
        Vector128<byte> a = Vector128.Load(lower), b = Vector128.Load(upper);
        Vector256<byte> low = Join(a, (a.AsUInt16() >>> 4).AsByte()), high = Join(b, (b.AsUInt16() >>> 4).AsByte());
        return new(Join(low, high) & Vector512.Create((byte)15));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bytes512 Broadcast(byte value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bytes512 Halves(byte lower, byte upper) => new(Join(Vector256.Create(lower), Vector256.Create(upper)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bytes512 Twice(ulong eightBytes)
    {
        Vector128<byte> bytes = Vector128.CreateScalar(eightBytes).AsByte();
        return new(Avx2.ConvertToVector256Int16(Sse2.UnpackLow(bytes, bytes)).AsByte().ToVector512());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bytes512 WidenSigned(sbyte* sixteen) => new(Avx2.ConvertToVector256Int16(sixteen).AsByte().ToVector512());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bytes512 Spread(Bytes512 table, int group)
    {
        short a = (short)(4 * group), b = (short)(a + 1), c = (short)(a + 2), d = (short)(a + 3);
        Vector512<short> elements = Vector512.Create(
            a, a, a, a, a, a, a, a, b, b, b, b, b, b, b, b, c, c, c, c, c, c, c, c, d, d, d, d, d, d, d, d);
        return new(Avx512BW.PermuteVar32x16(table.Value.AsInt16(), elements).AsByte());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bytes512 Add(Bytes512 a, Bytes512 b) => new(a.Value + b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bytes512 And(Bytes512 a, Bytes512 b) => new(a.Value & b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bytes512 Or(Bytes512 a, Bytes512 b) => new(a.Value | b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bytes512 ShiftLeft(Bytes512 a, int count) => new((a.Value.AsUInt16() << count).AsByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bytes512 ShiftRight(Bytes512 a, int count) => new((a.Value.AsUInt16() >>> count).AsByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bytes512 Magnitude(Bytes512 a) => new(Avx512BW.Abs(a.Value.AsSByte()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Dot(Bytes512 w, Bytes512 magnitude, Bytes512 x)
    {
        Vector512<sbyte> input = x.Value.AsSByte();
        Vector512<sbyte> signed = Vector512.ConditionalSelect(Vector512.LessThan(w.Value.AsSByte(), Vector512<sbyte>.Zero), -input, input);
        Vector512<short> pairs = Avx512BW.MultiplyAddAdjacent(magnitude.Value, signed);
        return new(Avx512F.ConvertToVector512Single(Avx512BW.MultiplyAddAdjacent(pairs, Vector512<short>.One)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 AddScaledDot(Lanes512 sums, Bytes512 w, Bytes512 x, Bytes512 scales)
    {
        Vector512<short> pairs = Avx512BW.MultiplyAddAdjacent(w.Value, x.Value.AsSByte());
        return new((sums.Value.AsInt32() + Avx512BW.MultiplyAddAdjacent(pairs, scales.Value.AsInt16())).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 DotShorts(Bytes512 a, Bytes512 b) =>
        new(Avx512BW.MultiplyAddAdjacent(a.Value.AsInt16(), b.Value.AsInt16()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Join(Vector256<byte> lower, Vector256<byte> upper) => Avx512F.InsertVector256(lower.ToVector512Unsafe(), upper, 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Join(Vector128<byte> lower, Vector128<byte> upper) => Avx2.InsertVector128(lower.ToVector256Unsafe(), upper, 1);
}
