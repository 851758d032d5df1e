using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Percheron.Kernels;

/// <summary>Four columns of sixteen outputs in two 256-bit vectors; partial sums are 16-bit pairs, as in <see cref="GroupBytes512"/>.</summary>
internal readonly unsafe struct GroupBytes256(Vector256<byte> lower, Vector256<byte> upper) : IGroupBytes<GroupBytes256, Lanes256>
{
    public readonly Vector256<byte> Lower = lower;
    public readonly Vector256<byte> Upper = upper;

    public static GroupBytes256 Zero => new(Vector256<byte>.Zero, Vector256<byte>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static GroupBytes256 Load(byte* source) => new(Vector256.Load(source), Vector256.Load(source + 32));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static GroupBytes256 Broadcast(byte value) => new(Vector256.Create(value), Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static GroupBytes256 BroadcastFour(byte* source)
    {
        Vector256<byte> four = Vector256.Create(*(int*)source).AsByte();
        return new(four, four);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static GroupBytes256 And(GroupBytes256 a, GroupBytes256 b) => new(a.Lower & b.Lower, a.Upper & b.Upper);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static GroupBytes256 Or(GroupBytes256 a, GroupBytes256 b) => new(a.Lower | b.Lower, a.Upper | b.Upper);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static GroupBytes256 ShiftLeft(GroupBytes256 a, int count) => new((a.Lower.AsUInt32() << count).AsByte(), (a.Upper.AsUInt32() << count).AsByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static GroupBytes256 ShiftRight(GroupBytes256 a, int count) => new((a.Lower.AsUInt32() >>> count).AsByte(), (a.Upper.AsUInt32() >>> count).AsByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static GroupBytes256 AddProducts(GroupBytes256 partial, GroupBytes256 w, GroupBytes256 x) => new(
        (partial.Lower.AsInt16() + Avx2.MultiplyAddAdjacent(w.Lower, x.Lower.AsSByte())).AsByte(),
        (partial.Upper.AsInt16() + Avx2.MultiplyAddAdjacent(w.Upper, x.Upper.AsSByte())).AsByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 AddScaled(Lanes256 sums, GroupBytes256 partial, GroupBytes256 scales) => AddShorts(sums, partial, scales);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 AddShorts(Lanes256 sums, GroupBytes256 a, GroupBytes256 b) => new(
        (sums.Lower.AsInt32() + Avx2.MultiplyAddAdjacent(a.Lower.AsInt16(), b.Lower.AsInt16())).AsSingle(),
        (sums.Upper.AsInt32() + Avx2.MultiplyAddAdjacent(a.Upper.AsInt16(), b.Upper.AsInt16())).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static GroupBytes256 Twice(GroupBytes256 bytes) => new(Twice(bytes.Lower), Twice(bytes.Upper));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static GroupBytes256 TwiceSigned(GroupBytes256 bytes) => new(TwiceSigned(bytes.Lower), TwiceSigned(bytes.Upper));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static GroupBytes256 Pair(GroupBytes256 bytes) => new(Pair(bytes.Lower), Pair(bytes.Upper));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static GroupBytes256 PairTimes32(GroupBytes256 bytes) => new(PairTimes32(bytes.Lower), PairTimes32(bytes.Upper));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Twice(Vector256<byte> bytes)
    {
        Vector256<int> low = bytes.AsInt32() & Vector256.Create(0xFF);
        return (low | (low << 16)).AsByte();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> TwiceSigned(Vector256<byte> bytes) => (Twice(bytes).AsInt16() << 8 >> 8).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Pair(Vector256<byte> bytes) =>
        ((bytes.AsInt32() & Vector256.Create(0xFF)) | ((bytes.AsInt32() << 8) & Vector256.Create(0xFF0000))).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> PairTimes32(Vector256<byte> bytes) => (Pair(bytes).AsInt16() << 8 >> 3).AsByte();
}
