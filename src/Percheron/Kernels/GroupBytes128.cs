using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace Percheron.Kernels;

/// <summary>
/// Four columns of sixteen outputs in four 128-bit vectors: portable operations, and the Arm dot product where the core has it. Partial sums are 32-bit, one for each output.
/// </summary>
internal readonly unsafe struct GroupBytes128(Vector128<byte> a, Vector128<byte> b, Vector128<byte> c, Vector128<byte> d) : IGroupBytes<GroupBytes128, Lanes128>
{
    public readonly Vector128<byte> A = a;
    public readonly Vector128<byte> B = b;
    public readonly Vector128<byte> C = c;
    public readonly Vector128<byte> D = d;

    public static GroupBytes128 Zero => Broadcast(0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static GroupBytes128 Load(byte* source) =>
        new(Vector128.Load(source), Vector128.Load(source + 16), Vector128.Load(source + 32), Vector128.Load(source + 48));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static GroupBytes128 Broadcast(byte value) => All(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static GroupBytes128 BroadcastFour(byte* source) => All(Vector128.Create(*(int*)source).AsByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static GroupBytes128 And(GroupBytes128 a, GroupBytes128 b) => new(a.A & b.A, a.B & b.B, a.C & b.C, a.D & b.D);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static GroupBytes128 Or(GroupBytes128 a, GroupBytes128 b) => new(a.A | b.A, a.B | b.B, a.C | b.C, a.D | b.D);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static GroupBytes128 ShiftLeft(GroupBytes128 a, int count) => new(
        (a.A.AsUInt32() << count).AsByte(), (a.B.AsUInt32() << count).AsByte(), (a.C.AsUInt32() << count).AsByte(), (a.D.AsUInt32() << count).AsByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static GroupBytes128 ShiftRight(GroupBytes128 a, int count) => new(
        (a.A.AsUInt32() >>> count).AsByte(), (a.B.AsUInt32() >>> count).AsByte(), (a.C.AsUInt32() >>> count).AsByte(), (a.D.AsUInt32() >>> count).AsByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static GroupBytes128 AddProducts(GroupBytes128 partial, GroupBytes128 w, GroupBytes128 x) =>
        new(Dot(partial.A, w.A, x.A), Dot(partial.B, w.B, x.B), Dot(partial.C, w.C, x.C), Dot(partial.D, w.D, x.D));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 AddScaled(Lanes128 sums, GroupBytes128 partial, GroupBytes128 scales) => new(
        Scaled(sums.A, partial.A, scales.A), Scaled(sums.B, partial.B, scales.B), Scaled(sums.C, partial.C, scales.C), Scaled(sums.D, partial.D, scales.D));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 AddShorts(Lanes128 sums, GroupBytes128 a, GroupBytes128 b) =>
        new(Shorts(sums.A, a.A, b.A), Shorts(sums.B, a.B, b.B), Shorts(sums.C, a.C, b.C), Shorts(sums.D, a.D, b.D));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static GroupBytes128 Twice(GroupBytes128 bytes) => new(Twice(bytes.A), Twice(bytes.B), Twice(bytes.C), Twice(bytes.D));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static GroupBytes128 TwiceSigned(GroupBytes128 bytes) => new(TwiceSigned(bytes.A), TwiceSigned(bytes.B), TwiceSigned(bytes.C), TwiceSigned(bytes.D));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static GroupBytes128 Pair(GroupBytes128 bytes) => new(Pair(bytes.A), Pair(bytes.B), Pair(bytes.C), Pair(bytes.D));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static GroupBytes128 PairTimes32(GroupBytes128 bytes) => new(PairTimes32(bytes.A), PairTimes32(bytes.B), PairTimes32(bytes.C), PairTimes32(bytes.D));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static GroupBytes128 All(Vector128<byte> value) => new(value, value, value, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Dot(Vector128<byte> partial, Vector128<byte> w, Vector128<byte> x)
    {
        if (Dp.IsSupported) return Dp.DotProduct(partial.AsInt32(), w.AsSByte(), x.AsSByte()).AsByte();
        if (AdvSimd.Arm64.IsSupported)
        {
            Vector128<short> lower = AdvSimd.MultiplyWideningLower(w.GetLower().AsSByte(), x.GetLower().AsSByte());
            Vector128<short> upper = AdvSimd.MultiplyWideningUpper(w.AsSByte(), x.AsSByte());
            return (partial.AsInt32() + AdvSimd.Arm64.AddPairwise(AdvSimd.AddPairwiseWidening(lower), AdvSimd.AddPairwiseWidening(upper))).AsByte();
        }

        // Bytes 0 and 2, then 1 and 3 of each output, as 16-bit elements; a product of 63 and 127 fits them, a sum of two does too.
        Vector128<short> even = (w.AsInt16() & Vector128.Create((short)0xFF)) * (x.AsInt16() << 8 >> 8), odd = (w.AsInt16() >>> 8) * (x.AsInt16() >> 8);
        Vector128<int> pairs = (even + odd).AsInt32();
        return (partial.AsInt32() + (pairs << 16 >> 16) + (pairs >> 16)).AsByte();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Scaled(Vector128<float> sums, Vector128<byte> partial, Vector128<byte> scales) =>
        (sums.AsInt32() + (partial.AsInt32() * (scales.AsInt32() >> 16))).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Shorts(Vector128<float> sums, Vector128<byte> a, Vector128<byte> b)
    {
        Vector128<int> x = a.AsInt32(), y = b.AsInt32();
        return (sums.AsInt32() + ((x << 16 >> 16) * (y << 16 >> 16)) + ((x >> 16) * (y >> 16))).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Twice(Vector128<byte> bytes)
    {
        Vector128<int> low = bytes.AsInt32() & Vector128.Create(0xFF);
        return (low | (low << 16)).AsByte();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> TwiceSigned(Vector128<byte> bytes) => (Twice(bytes).AsInt16() << 8 >> 8).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Pair(Vector128<byte> bytes) =>
        ((bytes.AsInt32() & Vector128.Create(0xFF)) | ((bytes.AsInt32() << 8) & Vector128.Create(0xFF0000))).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> PairTimes32(Vector128<byte> bytes) => (Pair(bytes).AsInt16() << 8 >> 3).AsByte();
}
