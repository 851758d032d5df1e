using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Percheron.Kernels;

/// <summary>Sixteen lanes in four 128-bit vectors, by the portable operations: AdvSimd on Arm64, and testable anywhere.</summary>
internal readonly unsafe struct Lanes128(Vector128<float> a, Vector128<float> b, Vector128<float> c, Vector128<float> d) : ILanes<Lanes128>
{
    public readonly Vector128<float> A = a;
    public readonly Vector128<float> B = b;
    public readonly Vector128<float> C = c;
    public readonly Vector128<float> D = d;

    public static int TileRows => 2;

    public static Lanes128 Zero => new(Vector128<float>.Zero, Vector128<float>.Zero, Vector128<float>.Zero, Vector128<float>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Broadcast(float value)
    {
        Vector128<float> all = Vector128.Create(value);
        return new(all, all, all, all);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Load(float* source) =>
        new(Vector128.Load(source), Vector128.Load(source + 4), Vector128.Load(source + 8), Vector128.Load(source + 12));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 LoadHalf(ushort* source)
    {
        (Vector128<int> a, Vector128<int> b) = Vector128.Widen(Vector128.Load((short*)source));
        (Vector128<int> c, Vector128<int> d) = Vector128.Widen(Vector128.Load((short*)source + 8));
        return new(Widen(a), Widen(b), Widen(c), Widen(d));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 LoadFiniteHalf(ushort* source) => LoadHalf(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 LoadBrainPairs(byte* source, out Lanes128 second)
    {
        int* pairs = (int*)source;
        Vector128<int> a = Vector128.Load(pairs), b = Vector128.Load(pairs + 4), c = Vector128.Load(pairs + 8), d = Vector128.Load(pairs + 12);
        Vector128<int> upper = Vector128.Create(unchecked((int)0xFFFF0000));
        second = new((a & upper).AsSingle(), (b & upper).AsSingle(), (c & upper).AsSingle(), (d & upper).AsSingle());
        return new((a << 16).AsSingle(), (b << 16).AsSingle(), (c << 16).AsSingle(), (d << 16).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes128 value, float* target)
    {
        value.A.Store(target);
        value.B.Store(target + 4);
        value.C.Store(target + 8);
        value.D.Store(target + 12);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Add(Lanes128 a, Lanes128 b) => new(a.A + b.A, a.B + b.B, a.C + b.C, a.D + b.D);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Subtract(Lanes128 a, Lanes128 b) => new(a.A - b.A, a.B - b.B, a.C - b.C, a.D - b.D);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Multiply(Lanes128 a, Lanes128 b) => new(a.A * b.A, a.B * b.B, a.C * b.C, a.D * b.D);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Divide(Lanes128 a, Lanes128 b) => new(a.A / b.A, a.B / b.B, a.C / b.C, a.D / b.D);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Fma(Lanes128 a, Lanes128 b, Lanes128 c) => new(
        Vector128.FusedMultiplyAdd(a.A, b.A, c.A), Vector128.FusedMultiplyAdd(a.B, b.B, c.B),
        Vector128.FusedMultiplyAdd(a.C, b.C, c.C), Vector128.FusedMultiplyAdd(a.D, b.D, c.D));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 Abs(Lanes128 a) => new(Vector128.Abs(a.A), Vector128.Abs(a.B), Vector128.Abs(a.C), Vector128.Abs(a.D));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 WhereGreater(Lanes128 a, Lanes128 b, Lanes128 yes, Lanes128 no) => new(
        Vector128.ConditionalSelect(Vector128.GreaterThan(a.A, b.A), yes.A, no.A),
        Vector128.ConditionalSelect(Vector128.GreaterThan(a.B, b.B), yes.B, no.B),
        Vector128.ConditionalSelect(Vector128.GreaterThan(a.C, b.C), yes.C, no.C),
        Vector128.ConditionalSelect(Vector128.GreaterThan(a.D, b.D), yes.D, no.D));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Above(Lanes128 a, Lanes128 b) =>
        Vector128.GreaterThan(a.A, b.A).ExtractMostSignificantBits() | (Vector128.GreaterThan(a.B, b.B).ExtractMostSignificantBits() << 4)
        | (Vector128.GreaterThan(a.C, b.C).ExtractMostSignificantBits() << 8) | (Vector128.GreaterThan(a.D, b.D).ExtractMostSignificantBits() << 12);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 PowerOfTwo(Lanes128 k) => new(PowerOfTwo(k.A), PowerOfTwo(k.B), PowerOfTwo(k.C), PowerOfTwo(k.D));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 MaxBits(Lanes128 a, Lanes128 b) => new(
        Vector128.Max(a.A.AsInt32(), b.A.AsInt32()).AsSingle(), Vector128.Max(a.B.AsInt32(), b.B.AsInt32()).AsSingle(),
        Vector128.Max(a.C.AsInt32(), b.C.AsInt32()).AsSingle(), Vector128.Max(a.D.AsInt32(), b.D.AsInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MaxLane(Lanes128 value) => MaxLane(Vector256.Create(
        Vector128.Max(value.A.AsInt32(), value.B.AsInt32()), Vector128.Max(value.C.AsInt32(), value.D.AsInt32())));

    /// <summary>The largest of eight floats read as integers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MaxLane(Vector256<int> eight)
    {
        Vector128<int> four = Vector128.Max(eight.GetLower(), eight.GetUpper());
        four = Vector128.Max(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1)));
        four = Vector128.Max(four, Vector128.Shuffle(four, Vector128.Create(1, 0, 3, 2)));
        return four.AsSingle().ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 FromIntegers(Lanes128 integers) => new(
        Vector128.ConvertToSingle(integers.A.AsInt32()), Vector128.ConvertToSingle(integers.B.AsInt32()),
        Vector128.ConvertToSingle(integers.C.AsInt32()), Vector128.ConvertToSingle(integers.D.AsInt32()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128 SubtractIntegers(Lanes128 a, Lanes128 b) => new(
        (a.A.AsInt32() - b.A.AsInt32()).AsSingle(), (a.B.AsInt32() - b.B.AsInt32()).AsSingle(),
        (a.C.AsInt32() - b.C.AsInt32()).AsSingle(), (a.D.AsInt32() - b.D.AsInt32()).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreRoundedBytes(Lanes128 value, sbyte* target)
    {
        Vector128<short> lower = Vector128.Narrow(Round(value.A), Round(value.B)), upper = Vector128.Narrow(Round(value.C), Round(value.D));
        Vector128.Narrow(lower, upper).Store(target);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Lanes128 value) => Fold((value.A + value.C) + (value.B + value.D));

    /// <summary>The last three levels of the tree of <see cref="ILanes{TSelf}.Sum"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Fold(Vector256<float> eight) => Fold(eight.GetLower() + eight.GetUpper());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Fold(Vector128<float> four)
    {
        Vector128<float> two = four + Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1));
        return two.ToScalar() + two.GetElement(1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Round(Vector128<float> value) => Vector128.ConvertToInt32(Vector128.Round(value, MidpointRounding.ToEven));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> PowerOfTwo(Vector128<float> k) => ((Vector128.ConvertToInt32(k) + Vector128.Create(127)) << 23).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Widen(Vector128<int> half)
    {
        Vector128<float> wide = ((half << 13) & Vector128.Create(unchecked((int)0x8FFFE000))).AsSingle() * Vector128.Create(HalfConversion.Rebias);
        Vector128<float> special = Vector128.GreaterThanOrEqual(Vector128.Abs(wide), Vector128.Create(HalfConversion.FirstSpecial));
        return wide | (special & Vector128.Create(float.PositiveInfinity));
    }
}
