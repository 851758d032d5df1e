using System.Buffers.Binary;
using System.IO.Compression;

namespace Percheron.Codecs.Images;

/// <summary>
/// Reads PNG files that are not interlaced: grey, colour or palette of up to 16 bits, of which the highest eight are kept; what is transparent stands on white. Source: ISO/IEC 15948.
/// </summary>
/// <remarks>What a header claims is held against the bytes that are there before anything of that size is made.</remarks>
public static class PngReader
{
    private const int LongestFile = 1 << 27;

    // Deflate cannot make more of a byte.
    private const long MostExpansion = 1032;

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or of a kind that is not read; the message says which.</exception>
    /// <exception cref="IOException">The file does not exist or cannot be read.</exception>
    public static Picture Read(string path)
    {
        if (new FileInfo(path) is { Exists: true, Length: > LongestFile }) throw new InvalidDataException($"'{path}' is longer than {LongestFile >> 20} MB, which no picture needs.");
        try
        {
            return Read(File.ReadAllBytes(path));
        }
        catch (InvalidDataException error)
        {
            throw new InvalidDataException($"'{path}': {error.Message}", error);
        }
    }

    /// <summary>Reads the bytes of a file.</summary>
    /// <exception cref="InvalidDataException">They are damaged, or of a kind that is not read; the message says which.</exception>
    public static Picture Read(ReadOnlySpan<byte> file)
    {
        if (!file.StartsWith(PngWriter.Signature)) throw new InvalidDataException("This is not a PNG file.");
        PngForm form = default;
        byte[] palette = [], transparent = [];
        using var data = new MemoryStream();
        bool ended = false;
        for (int at = PngWriter.Signature.Length; !ended;)
        {
            ReadOnlySpan<byte> chunk = Chunk(file, ref at, out ReadOnlySpan<byte> kind);
            if (form.Width == 0 && !kind.SequenceEqual("IHDR"u8)) throw new InvalidDataException("The PNG does not begin with its header.");
            if (kind.SequenceEqual("IHDR"u8)) form = PngForm.Read(chunk);
            else if (kind.SequenceEqual("PLTE"u8)) palette = chunk.ToArray();
            else if (kind.SequenceEqual("tRNS"u8)) transparent = chunk.ToArray();
            else if (kind.SequenceEqual("IDAT"u8)) data.Write(chunk);
            else if (kind.SequenceEqual("IEND"u8)) ended = true;
            else if ((kind[0] & 0x20) == 0) throw new InvalidDataException("The PNG has a chunk that must be understood and is not known.");
        }
        if (form.IsPalette && (palette.Length is 0 or > 768 || palette.Length % 3 != 0)) throw new InvalidDataException("The PNG's palette is missing or damaged.");
        return Pixels(form, data, new PngColours(form, palette, transparent));
    }

    private static ReadOnlySpan<byte> Chunk(ReadOnlySpan<byte> file, ref int at, out ReadOnlySpan<byte> kind)
    {
        if (file.Length - at < 12) throw new InvalidDataException("The PNG ends within a chunk.");
        uint length = BinaryPrimitives.ReadUInt32BigEndian(file[at..]);
        if (length > file.Length - at - 12) throw new InvalidDataException($"A chunk of the PNG claims {length} bytes, more than there are.");
        ReadOnlySpan<byte> named = file.Slice(at + 4, 4 + (int)length);
        if (~PngChecksum.Continue(uint.MaxValue, named) != BinaryPrimitives.ReadUInt32BigEndian(file[(at + 8 + (int)length)..]))
            throw new InvalidDataException($"The PNG is damaged: the check number of the chunk at byte {at} is wrong.");
        at += 12 + (int)length;
        kind = named[..4];
        return named[4..];
    }

    private static Picture Pixels(PngForm form, MemoryStream data, PngColours colours)
    {
        if ((form.RowBytes + 1) * form.Height > (data.Length + 1) * MostExpansion) throw new InvalidDataException($"The PNG claims {form.Width} x {form.Height} pixels, more than its data can hold.");
        var picture = new Picture(form.Width, form.Height);
        byte[] row = new byte[form.RowBytes], above = new byte[form.RowBytes];
        data.Position = 0;
        using var zlib = new ZLibStream(data, CompressionMode.Decompress);
        try
        {
            for (int y = 0; y < form.Height; y++)
            {
                int filter = zlib.ReadByte();
                if (filter is < 0 or >= PngFilter.Count) throw new InvalidDataException($"Row {y} of the PNG has no filter that exists.");
                zlib.ReadExactly(row);
                PngFilter.Undo(filter, row, above, form.PixelBytes);
                colours.Read(row, picture.Pixels.AsSpan(3 * y * form.Width, 3 * form.Width));
                (row, above) = (above, row);
            }
        }
        catch (EndOfStreamException)
        {
            throw new InvalidDataException("The PNG's data ends before its last row.");
        }
        return picture;
    }
}
