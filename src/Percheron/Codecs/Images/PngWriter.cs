using System.Buffers.Binary;
using System.IO.Compression;

namespace Percheron.Codecs.Images;

/// <summary>Writes pictures as PNG: eight bits of red, green and blue, each row by the filter whose differences are smallest. Source: ISO/IEC 15948.</summary>
public static class PngWriter
{
    /// <summary>What every PNG begins with.</summary>
    internal static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Writes a file, replacing one of that name.</summary>
    public static void Write(string path, Picture picture)
    {
        using FileStream file = File.Create(path);
        Write(file, picture);
    }

    /// <summary>Writes to a stream, which stays open.</summary>
    public static void Write(Stream stream, Picture picture)
    {
        stream.Write(Signature);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, picture.Width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], picture.Height);
        // Eight bits, colour of three channels; compression, filters and order are the only ones there are.
        (header[8], header[9], header[10], header[11], header[12]) = (8, 2, 0, 0, 0);
        Chunk(stream, "IHDR"u8, header);
        using var data = new MemoryStream();
        using (var zlib = new ZLibStream(data, CompressionLevel.Optimal, leaveOpen: true)) Rows(zlib, picture);
        Chunk(stream, "IDAT"u8, data.GetBuffer().AsSpan(0, (int)data.Length));
        Chunk(stream, "IEND"u8, []);
    }

    private static void Rows(Stream zlib, Picture picture)
    {
        int bytes = 3 * picture.Width;
        byte[] none = new byte[bytes], trial = new byte[bytes + 1], best = new byte[bytes + 1];
        for (int y = 0; y < picture.Height; y++)
        {
            ReadOnlySpan<byte> row = picture.Pixels.AsSpan(y * bytes, bytes), above = y == 0 ? none : picture.Pixels.AsSpan((y - 1) * bytes, bytes);
            long least = long.MaxValue;
            for (int filter = 0; filter < PngFilter.Count; filter++)
            {
                trial[0] = (byte)filter;
                PngFilter.Apply(filter, row, above, 3, trial.AsSpan(1));
                long size = 0;
                foreach (byte difference in trial.AsSpan(1)) size += Math.Abs((int)(sbyte)difference);
                if (size >= least) continue;
                least = size;
                (best, trial) = (trial, best);
            }
            zlib.Write(best);
        }
    }

    private static void Chunk(Stream stream, ReadOnlySpan<byte> kind, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        stream.Write(number);
        stream.Write(kind);
        stream.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~PngChecksum.Continue(PngChecksum.Continue(uint.MaxValue, kind), data));
        stream.Write(number);
    }
}
