using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Percheron.Kernels;

/// <summary>binary16 and bfloat16 to and from float: widening is exact, narrowing rounds to nearest, ties to even.</summary>
public static class HalfConversion
{
    /// <summary>2^112 moves the exponent bias of binary16 to that of float; subnormals come out right because the multiplication normalises them.</summary>
    internal const float Rebias = 5.192296858534828e33f;

    /// <summary>Where infinities and NaN of binary16 land after <see cref="Rebias"/>.</summary>
    internal const float FirstSpecial = 65536f;

    /// <summary>One binary16 value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float ToSingle(ushort half)
    {
        float wide = BitConverter.Int32BitsToSingle((half & 0x7FFF) << 13) * Rebias;
        int bits = BitConverter.SingleToInt32Bits(wide) | ((half & 0x8000) << 16);
        if ((half & 0x7C00) == 0x7C00) bits |= 0x7F800000;
        return BitConverter.Int32BitsToSingle(bits);
    }

    /// <summary>Widens binary16; <paramref name="target"/> is at least as long as <paramref name="source"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ToSingle(ReadOnlySpan<Half> source, Span<float> target)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(target.Length, source.Length, nameof(target));
        ReadOnlySpan<ushort> halves = MemoryMarshal.Cast<Half, ushort>(source);
        int i = 0;
        for (; i + 16 <= halves.Length; i += 16)
        {
            (Vector256<uint> lower, Vector256<uint> upper) = Vector256.Widen(Vector256.Create(halves[i..]));
            Widen(lower).CopyTo(target[i..]);
            Widen(upper).CopyTo(target[(i + 8)..]);
        }
        for (; i < halves.Length; i++) target[i] = ToSingle(halves[i]);
    }

    /// <summary>Narrows to binary16; <paramref name="target"/> is at least as long as <paramref name="source"/>. From 65520 on values become infinities.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ToHalf(ReadOnlySpan<float> source, Span<Half> target)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(target.Length, source.Length, nameof(target));
        ReadOnlySpan<uint> bits = MemoryMarshal.Cast<float, uint>(source);
        Span<ushort> halves = MemoryMarshal.Cast<Half, ushort>(target);
        int i = 0;
        for (; i + 16 <= bits.Length; i += 16)
        {
            Vector256<uint> lower = Narrow(Vector256.Create(bits[i..])), upper = Narrow(Vector256.Create(bits[(i + 8)..]));
            Vector256.Narrow(lower, upper).CopyTo(halves[i..]);
        }
        for (; i < bits.Length; i++) target[i] = (Half)source[i];
    }

    /// <summary>One bfloat16 value.</summary>
    public static float BrainToSingle(ushort brain) => BitConverter.Int32BitsToSingle(brain << 16);

    /// <summary>One value to bfloat16; NaN stays NaN.</summary>
    public static ushort ToBrain(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        if ((bits & 0x7FFFFFFF) > 0x7F800000) return (ushort)((bits >> 16) | 0x40);
        return (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }

    /// <summary>Widens bfloat16; <paramref name="target"/> is at least as long as <paramref name="source"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void BrainToSingle(ReadOnlySpan<ushort> source, Span<float> target)
    {
        for (int i = 0; i < source.Length; i++) target[i] = BrainToSingle(source[i]);
    }

    /// <summary>Narrows to bfloat16; <paramref name="target"/> is at least as long as <paramref name="source"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ToBrain(ReadOnlySpan<float> source, Span<ushort> target)
    {
        for (int i = 0; i < source.Length; i++) target[i] = ToBrain(source[i]);
    }

    /// <summary>
    /// Bits of binary16 in the low halves. Normal results round by integer addition, whose carry also makes infinity of 65520 … 65535; subnormal ones by
    /// adding 0.5, whose last bit is worth 2^−24, as theirs.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Narrow(Vector256<uint> bits)
    {
        Vector256<uint> magnitude = bits & Vector256.Create(0x7FFFFFFFu), half = Vector256.Create(0.5f).AsUInt32();
        Vector256<uint> normal = (magnitude + Vector256.Create(unchecked(0xFFFu - (112u << 23))) + ((magnitude >>> 13) & Vector256<uint>.One)) >>> 13;
        Vector256<uint> subnormal = (magnitude.AsSingle() + half.AsSingle()).AsUInt32() - half;
        Vector256<uint> special = Vector256.ConditionalSelect(
            Vector256.GreaterThan(magnitude.AsInt32(), Vector256.Create(0x7F800000)).AsUInt32(), Vector256.Create(0x7E00u), Vector256.Create(0x7C00u));
        Vector256<uint> result = Vector256.ConditionalSelect(Vector256.LessThan(magnitude.AsInt32(), Vector256.Create(113 << 23)).AsUInt32(), subnormal, normal);
        result = Vector256.ConditionalSelect(Vector256.GreaterThanOrEqual(magnitude.AsInt32(), Vector256.Create(143 << 23)).AsUInt32(), special, result);
        return result | ((bits >>> 16) & Vector256.Create(0x8000u));
    }

    /// <summary>Eight values of binary16 in the low halves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<float> Widen(Vector256<uint> half)
    {
        Vector256<float> magnitude = ((half & Vector256.Create(0x7FFFu)) << 13).AsSingle() * Vector256.Create(Rebias);
        Vector256<uint> special = Vector256.GreaterThanOrEqual(magnitude, Vector256.Create(FirstSpecial)).AsUInt32() & Vector256.Create(0x7F800000u);
        return (magnitude.AsUInt32() | special | ((half & Vector256.Create(0x8000u)) << 16)).AsSingle();
    }
}
