using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

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

    /// <summary>Widens binary16; the spans have one length.</summary>
    public static void ToSingle(ReadOnlySpan<Half> source, Span<float> target) => TensorPrimitives.ConvertToSingle(source, target);

    /// <summary>Narrows to binary16; the spans have one length. Values beyond 65504 become infinities.</summary>
    public static void ToHalf(ReadOnlySpan<float> source, Span<Half> target) => TensorPrimitives.ConvertToHalf(source, target);

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
    public static void BrainToSingle(ReadOnlySpan<ushort> source, Span<float> target)
    {
        for (int i = 0; i < source.Length; i++) target[i] = BrainToSingle(source[i]);
    }

    /// <summary>Narrows to bfloat16; <paramref name="target"/> is at least as long as <paramref name="source"/>.</summary>
    public static void ToBrain(ReadOnlySpan<float> source, Span<ushort> target)
    {
        for (int i = 0; i < source.Length; i++) target[i] = ToBrain(source[i]);
    }
}
