using System.Runtime.InteropServices;

namespace Percheron.Formats.Blocks;

/// <summary>IEEE single precision, as it is.</summary>
internal static class F32
{
    public static void Decode(ReadOnlySpan<byte> source, Span<float> destination) => source.CopyTo(MemoryMarshal.AsBytes(destination));

    public static void Encode(ReadOnlySpan<float> source, Span<byte> destination) => MemoryMarshal.AsBytes(source).CopyTo(destination);
}
