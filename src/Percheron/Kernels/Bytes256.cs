using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Percheron.Kernels;

/// <summary>Sixty-four bytes in two 256-bit vectors; <typeparamref name="TDot"/> says whether VNNI is there.</summary>
internal readonly unsafe struct Bytes256<TDot>(Vector256<byte> lower, Vector256<byte> upper) : IBytes64<Bytes256<TDot>, Lanes256>
    where TDot : IByteDot256
{
    public readonly Vector256<byte> Lower = lower;
    public readonly Vector256<byte> Upper = upper;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bytes256<TDot> Load(byte* lower, byte* upper) => new(Vector256.Load(lower), Vector256.Load(upper));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bytes256<TDot> Load(byte* source) => Load(source, source + 32);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bytes256<TDot> LoadLower(byte* lower) => new(Vector256.Load(lower), Vector256<byte>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bytes256<TDot> LoadNibbles(byte* lower, byte* upper) => new(Nibbles(lower), Nibbles(upper));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bytes256<TDot> Broadcast(byte value) => new(Vector256.Create(value), Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bytes256<TDot> Halves(byte lower, byte upper) => new(Vector256.Create(lower), Vector256.Create(upper));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bytes256<TDot> Twice(ulong eightBytes)
    {
        Vector128<byte> bytes = Vector128.CreateScalar(eightBytes).AsByte();
        return new(Avx2.ConvertToVector256Int16(Sse2.UnpackLow(bytes, bytes)).AsByte(), Vector256<byte>.Zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bytes256<TDot> WidenSigned(sbyte* sixteen) => new(Avx2.ConvertToVector256Int16(sixteen).AsByte(), Vector256<byte>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bytes256<TDot> Spread(Bytes256<TDot> table, int group)
    {
        // Groups 0 and 1 lie in the lower 128 bits, 2 and 3 in the upper; a byte shuffle within 128 bits does the rest.
        Vector256<byte> eight = group < 2 ? Avx2.Permute2x128(table.Lower, table.Lower, 0x00) : Avx2.Permute2x128(table.Lower, table.Lower, 0x11);
        byte first = (byte)(8 * (group % 2));
        return new(Avx2.Shuffle(eight, Elements(first)), Avx2.Shuffle(eight, Elements((byte)(first + 4))));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bytes256<TDot> Add(Bytes256<TDot> a, Bytes256<TDot> b) => new(a.Lower + b.Lower, a.Upper + b.Upper);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bytes256<TDot> And(Bytes256<TDot> a, Bytes256<TDot> b) => new(a.Lower & b.Lower, a.Upper & b.Upper);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bytes256<TDot> Or(Bytes256<TDot> a, Bytes256<TDot> b) => new(a.Lower | b.Lower, a.Upper | b.Upper);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bytes256<TDot> ShiftLeft(Bytes256<TDot> a, int count) =>
        new((a.Lower.AsUInt16() << count).AsByte(), (a.Upper.AsUInt16() << count).AsByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bytes256<TDot> ShiftRight(Bytes256<TDot> a, int count) =>
        new((a.Lower.AsUInt16() >>> count).AsByte(), (a.Upper.AsUInt16() >>> count).AsByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bytes256<TDot> Magnitude(Bytes256<TDot> a) => new(Avx2.Abs(a.Lower.AsSByte()), Avx2.Abs(a.Upper.AsSByte()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Dot(Bytes256<TDot> w, Bytes256<TDot> magnitude, Bytes256<TDot> x)
    {
        Vector256<sbyte> lower = Avx2.Sign(x.Lower.AsSByte(), w.Lower.AsSByte()), upper = Avx2.Sign(x.Upper.AsSByte(), w.Upper.AsSByte());
        return new(
            Avx.ConvertToVector256Single(TDot.Dot(magnitude.Lower, lower)), Avx.ConvertToVector256Single(TDot.Dot(magnitude.Upper, upper)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 AddScaledDot(Lanes256 sums, Bytes256<TDot> w, Bytes256<TDot> x, Bytes256<TDot> scales) => new(
        Scaled(sums.Lower, w.Lower, x.Lower, scales.Lower), Scaled(sums.Upper, w.Upper, x.Upper, scales.Upper));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 DotShorts(Bytes256<TDot> a, Bytes256<TDot> b) => new(
        Avx2.MultiplyAddAdjacent(a.Lower.AsInt16(), b.Lower.AsInt16()).AsSingle(), Avx2.MultiplyAddAdjacent(a.Upper.AsInt16(), b.Upper.AsInt16()).AsSingle());

    /// <summary>Shuffle that repeats the 16-bit element at byte <paramref name="at"/> in the lower and the next one in the upper 128 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Elements(byte at)
    {
        ushort a = (ushort)(at | ((at + 1) << 8)), b = (ushort)(a + 0x0202);
        return Vector256.Create(a, a, a, a, a, a, a, a, b, b, b, b, b, b, b, b).AsByte();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Nibbles(byte* source)
    {
        Vector128<byte> packed = Vector128.Load(source);
        return Avx2.InsertVector128(packed.ToVector256Unsafe(), (packed.AsUInt16() >>> 4).AsByte(), 1) & Vector256.Create((byte)15);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Scaled(Vector256<float> sums, Vector256<byte> w, Vector256<byte> x, Vector256<byte> scales)
    {
        Vector256<short> pairs = Avx2.MultiplyAddAdjacent(w, x.AsSByte());
        return (sums.AsInt32() + Avx2.MultiplyAddAdjacent(pairs, scales.AsInt16())).AsSingle();
    }
}
