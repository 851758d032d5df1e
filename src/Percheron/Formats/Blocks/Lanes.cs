using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Percheron.Formats.Blocks;

/// <summary>The last step of every quantized decoder: sixteen small integers become sixteen floats.</summary>
/// <remarks>Products and sums are rounded separately, never fused, so every instruction set gives the bits of the scalar formula.</remarks>
internal static class Lanes
{
    /// <summary>The half-precision number at <paramref name="offset"/>, exactly.</summary>
    public static float Half(ReadOnlySpan<byte> block, int offset) =>
        (float)BitConverter.UInt16BitsToHalf(BinaryPrimitives.ReadUInt16LittleEndian(block[offset..]));

    public static void WriteHalf(Span<byte> block, int offset, float value) =>
        BinaryPrimitives.WriteUInt16LittleEndian(block[offset..], BitConverter.HalfToUInt16Bits((Half)value));

    /// <summary>Writes the half-precision number nearest to <paramref name="value"/>, or the next larger in magnitude where that one is visibly too small to cover it (among subnormals).</summary>
    /// <returns>The number written.</returns>
    public static float WriteCoveringHalf(Span<byte> block, int offset, float value)
    {
        Half half = (Half)value;
        if (Math.Abs((float)half) < Math.Abs(value) * (1 - 1 / 256f))
            half = value > 0 ? System.Half.BitIncrement(half) : System.Half.BitDecrement(half);
        BinaryPrimitives.WriteUInt16LittleEndian(block[offset..], BitConverter.HalfToUInt16Bits(half));
        return (float)half;
    }

    /// <summary>Sixteen bytes from <paramref name="offset"/>.</summary>
    public static Vector128<byte> Load(ReadOnlySpan<byte> block, int offset) => Vector128.Create(block.Slice(offset, 16));

    /// <summary>value = quant × scale.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Scaled(Vector128<sbyte> quants, float scale, Span<float> values)
    {
        (Vector256<float> low, Vector256<float> high) = Widen(quants);
        (low * scale).CopyTo(values);
        (high * scale).CopyTo(values[8..]);
    }

    /// <summary>value = quant × scale + offset, quants below 128.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Affine(Vector128<byte> quants, float scale, float offset, Span<float> values)
    {
        (Vector256<float> low, Vector256<float> high) = Widen(quants.AsSByte());
        Vector256<float> shift = Vector256.Create(offset);
        (low * scale + shift).CopyTo(values);
        (high * scale + shift).CopyTo(values[8..]);
    }

    private static (Vector256<float> Low, Vector256<float> High) Widen(Vector128<sbyte> quants)
    {
        (Vector128<short> low, Vector128<short> high) = Vector128.Widen(quants);
        (Vector256<int> first, Vector256<int> second) = Vector256.Widen(Vector256.Create(low, high));
        return (Vector256.ConvertToSingle(first), Vector256.ConvertToSingle(second));
    }
}
