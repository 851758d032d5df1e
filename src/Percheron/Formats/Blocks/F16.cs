using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Percheron.Formats.Blocks;

/// <summary>IEEE half precision; encoding rounds to the nearest, ties to even.</summary>
internal static class F16
{
    public static void Decode(ReadOnlySpan<byte> source, Span<float> destination) =>
        TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(source), destination);

    public static void Encode(ReadOnlySpan<float> source, Span<byte> destination) =>
        TensorPrimitives.ConvertToHalf(source, MemoryMarshal.Cast<byte, Half>(destination));
}
