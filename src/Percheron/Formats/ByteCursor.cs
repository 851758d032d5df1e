using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Percheron.Formats;

/// <summary>Reads little-endian fields of a mapped file in order; every read is checked against the bytes that remain.</summary>
internal unsafe ref struct ByteCursor(MappedFile file, long position)
{
    private readonly byte* _start = file.Start;
    private readonly long _length = file.Length;

    /// <summary>Next byte to be read, counted from the start of the file.</summary>
    public long Position { get; private set; } = position;

    public readonly long Remaining => _length - Position;

    public ulong Unsigned(int bytes, string what)
    {
        ReadOnlySpan<byte> field = new(Take(bytes, what), bytes);
        return bytes switch
        {
            1 => field[0],
            2 => BinaryPrimitives.ReadUInt16LittleEndian(field),
            4 => BinaryPrimitives.ReadUInt32LittleEndian(field),
            _ => BinaryPrimitives.ReadUInt64LittleEndian(field),
        };
    }

    /// <summary>Reads a count of things that take at least <paramref name="smallest"/> bytes each, so a count that lies is refused before anything is allocated.</summary>
    public long Count(int bytes, int smallest, string what)
    {
        long at = Position;
        ulong count = Unsigned(bytes, what);
        if (count > (ulong)(Remaining / smallest))
            throw Fault(at, $"{what} is {count}, more than the {Remaining} bytes that remain can hold");
        return (long)count;
    }

    /// <summary>Reads a length-prefixed UTF-8 string as bytes of the file.</summary>
    public ReadOnlySpan<byte> Utf8Bytes(int lengthBytes, string what)
    {
        long at = Position;
        ulong length = Unsigned(lengthBytes, what);
        if (length > (ulong)Remaining)
            throw Fault(at, $"{what} has a length of {length} bytes, but only {Remaining} remain");
        if (length > int.MaxValue / 2) throw Fault(at, $"{what} has a length of {length} bytes, which no string may have");
        ReadOnlySpan<byte> text = new(Take((long)length, what), (int)length);
        if (!Utf8.IsValid(text)) throw Fault(at, $"{what} is not valid UTF-8");
        return text;
    }

    public string Text(int lengthBytes, string what) => Encoding.UTF8.GetString(Utf8Bytes(lengthBytes, what));

    public byte* Take(long bytes, string what)
    {
        if (bytes > Remaining) throw Fault(Position, $"the file ends inside {what}");
        byte* field = _start + Position;
        Position += bytes;
        return field;
    }

    public readonly ModelFormatException Fault(long offset, string reason) => new(file.Path, offset, reason);
}
