using System.Runtime.InteropServices;

namespace Percheron.Formats;

/// <summary>An array inside a mapped file whose layout has been checked: decodes it on demand.</summary>
/// <param name="File">The file; decoding after it is closed throws.</param>
/// <param name="LengthBytes">Width of counts and string lengths in this file: 4 in version 1, else 8.</param>
/// <param name="ElementType">Type of the elements.</param>
/// <param name="Count">Number of elements.</param>
/// <param name="Offset">First element.</param>
internal sealed record GgufArray(MappedFile File, int LengthBytes, GgufValueType ElementType, long Count, long Offset)
{
    public Array ToArray() => ElementType switch
    {
        GgufValueType.UInt8 => Copy<byte>(),
        GgufValueType.Int8 => Copy<sbyte>(),
        GgufValueType.UInt16 => Copy<ushort>(),
        GgufValueType.Int16 => Copy<short>(),
        GgufValueType.UInt32 => Copy<uint>(),
        GgufValueType.Int32 => Copy<int>(),
        GgufValueType.Float32 => Copy<float>(),
        GgufValueType.Bool => Copy<bool>(),
        GgufValueType.UInt64 => Copy<ulong>(),
        GgufValueType.Int64 => Copy<long>(),
        GgufValueType.Float64 => Copy<double>(),
        GgufValueType.String => Strings(),
        _ => Nested(),
    };

    private unsafe T[] Copy<T>() where T : unmanaged
    {
        T[] elements = new T[Room()];
        long position = 0;
        // A span of bytes cannot cover more than 2 GB: copy in pieces.
        for (int at = 0; at < elements.Length; at += 1 << 20)
        {
            Span<byte> piece = MemoryMarshal.AsBytes(elements.AsSpan(at, Math.Min(1 << 20, elements.Length - at)));
            new ReadOnlySpan<byte>(File.Start + Offset + position, piece.Length).CopyTo(piece);
            position += piece.Length;
        }
        return elements;
    }

    private string[] Strings()
    {
        string[] elements = new string[Room()];
        ByteCursor cursor = new(File, Offset);
        for (int i = 0; i < elements.Length; i++) elements[i] = cursor.Text(LengthBytes, "a string");
        return elements;
    }

    private GgufValue[] Nested()
    {
        GgufValue[] elements = new GgufValue[Room()];
        GgufHeader header = new(File, Offset, LengthBytes);
        for (int i = 0; i < elements.Length; i++) elements[i] = header.Array();
        return elements;
    }

    private int Room() => Count <= Array.MaxLength
        ? (int)Count
        : throw new ModelFormatException(File.Path, Offset, $"an array of {Count} elements is longer than .NET can hold");
}
