using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Percheron.Kernels;

/// <summary>Sixteen lanes in two 256-bit vectors.</summary>
internal readonly unsafe struct Lanes256(Vector256<float> lower, Vector256<float> upper) : ILanes<Lanes256>
{
    public readonly Vector256<float> Lower = lower;
    public readonly Vector256<float> Upper = upper;

    public static int TileRows => 2;

    public static Lanes256 Zero => new(Vector256<float>.Zero, Vector256<float>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Broadcast(float value) => new(Vector256.Create(value), Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Load(float* source) => new(Vector256.Load(source), Vector256.Load(source + 8));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 LoadHalf(ushort* source) => new(Widen(source), Widen(source + 8));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 LoadFiniteHalf(ushort* source) => new(WidenFinite(source), WidenFinite(source + 8));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 LoadBrainPairs(byte* source, out Lanes256 second)
    {
        Vector256<int> a = Vector256.Load((int*)source), b = Vector256.Load((int*)source + 8), upper = Vector256.Create(unchecked((int)0xFFFF0000));
        second = new((a & upper).AsSingle(), (b & upper).AsSingle());
        return new((a << 16).AsSingle(), (b << 16).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes256 value, float* target)
    {
        value.Lower.Store(target);
        value.Upper.Store(target + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Add(Lanes256 a, Lanes256 b) => new(a.Lower + b.Lower, a.Upper + b.Upper);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Subtract(Lanes256 a, Lanes256 b) => new(a.Lower - b.Lower, a.Upper - b.Upper);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Multiply(Lanes256 a, Lanes256 b) => new(a.Lower * b.Lower, a.Upper * b.Upper);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Divide(Lanes256 a, Lanes256 b) => new(a.Lower / b.Lower, a.Upper / b.Upper);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Fma(Lanes256 a, Lanes256 b, Lanes256 c) =>
        new(System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(a.Lower, b.Lower, c.Lower), System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(a.Upper, b.Upper, c.Upper));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 Abs(Lanes256 a) => new(Vector256.Abs(a.Lower), Vector256.Abs(a.Upper));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 WhereGreater(Lanes256 a, Lanes256 b, Lanes256 yes, Lanes256 no) => new(
        Vector256.ConditionalSelect(Vector256.GreaterThan(a.Lower, b.Lower), yes.Lower, no.Lower),
        Vector256.ConditionalSelect(Vector256.GreaterThan(a.Upper, b.Upper), yes.Upper, no.Upper));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Above(Lanes256 a, Lanes256 b) =>
        Vector256.GreaterThan(a.Lower, b.Lower).ExtractMostSignificantBits() | (Vector256.GreaterThan(a.Upper, b.Upper).ExtractMostSignificantBits() << 8);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 PowerOfTwo(Lanes256 k) => new(PowerOfTwo(k.Lower), PowerOfTwo(k.Upper));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 MaxBits(Lanes256 a, Lanes256 b) => new(
        Vector256.Max(a.Lower.AsInt32(), b.Lower.AsInt32()).AsSingle(), Vector256.Max(a.Upper.AsInt32(), b.Upper.AsInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MaxLane(Lanes256 value) => Lanes128.MaxLane(Vector256.Max(value.Lower.AsInt32(), value.Upper.AsInt32()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 FromIntegers(Lanes256 integers) =>
        new(Avx.ConvertToVector256Single(integers.Lower.AsInt32()), Avx.ConvertToVector256Single(integers.Upper.AsInt32()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256 SubtractIntegers(Lanes256 a, Lanes256 b) =>
        new((a.Lower.AsInt32() - b.Lower.AsInt32()).AsSingle(), (a.Upper.AsInt32() - b.Upper.AsInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreRoundedBytes(Lanes256 value, sbyte* target)
    {
        Vector256<int> lower = Avx.ConvertToVector256Int32(value.Lower), upper = Avx.ConvertToVector256Int32(value.Upper);
        Vector128<short> a = Sse2.PackSignedSaturate(lower.GetLower(), lower.GetUpper());
        Vector128<short> b = Sse2.PackSignedSaturate(upper.GetLower(), upper.GetUpper());
        Sse2.PackSignedSaturate(a, b).Store(target);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Lanes256 value) => Lanes128.Fold(value.Lower + value.Upper);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> PowerOfTwo(Vector256<float> k) =>
        ((Avx.ConvertToVector256Int32(k) + Vector256.Create(127)) << 23).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> WidenFinite(ushort* source) =>
        ((Avx2.ConvertToVector256Int32((short*)source) << 13) & Vector256.Create(unchecked((int)0x8FFFE000))).AsSingle() * Vector256.Create(HalfConversion.Rebias);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Widen(ushort* source)
    {
        Vector256<float> wide = WidenFinite(source);
        Vector256<float> special = Vector256.GreaterThanOrEqual(Vector256.Abs(wide), Vector256.Create(HalfConversion.FirstSpecial));
        return wide | (special & Vector256.Create(float.PositiveInfinity));
    }
}
