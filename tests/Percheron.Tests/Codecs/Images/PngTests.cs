using System.Buffers.Binary;
using System.IO.Compression;
using Percheron.Codecs.Images;
using Xunit;

namespace Percheron.Tests.Codecs.Images;

/// <summary>PngWriter and PngReader.</summary>
public class PngTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(64, 64)]
    [InlineData(37, 5)]
    public void What_is_written_is_read_back(int width, int height)
    {
        Picture picture = Noise(width, height);
        Assert.Equal(picture.Pixels, PngReader.Read(Write(picture)).Pixels);
    }

    [Fact]
    public void A_smooth_picture_is_small()
    {
        var picture = new Picture(256, 256);
        for (int i = 0; i < picture.Pixels.Length; i++) picture.Pixels[i] = (byte)(i / 768);
        Assert.True(Write(picture).Length < 1500);
    }

    // The check number of an empty IEND chunk is known from every PNG there is.
    [Fact]
    public void The_check_number_is_that_of_all_png_files() => Assert.Equal(0xAE426082u, ~PngChecksum.Continue(uint.MaxValue, "IEND"u8));

    [Fact]
    public void Grey_of_sixteen_bits_keeps_the_higher_eight()
    {
        byte[] file = File(2, 2, bits: 16, kind: 0, [0, 0x12, 0x34, 0xFF, 0xFF, 0, 0x00, 0x80, 0x80, 0x00]);
        Assert.Equal([0x12, 0x12, 0x12, 255, 255, 255, 0, 0, 0, 0x80, 0x80, 0x80], PngReader.Read(file).Pixels);
    }

    [Fact]
    public void Palettes_of_few_bits_and_transparency_are_read()
    {
        byte[] file = File(3, 1, bits: 2, kind: 3, [0, 0b_01_00_10_00], ("PLTE", [10, 20, 30, 40, 50, 60, 70, 80, 90]), ("tRNS", [255, 0]));
        Assert.Equal([255, 255, 255, 10, 20, 30, 70, 80, 90], PngReader.Read(file).Pixels);
    }

    [Fact]
    public void Transparent_pixels_stand_on_white()
    {
        byte[] file = File(2, 1, bits: 8, kind: 6, [0, 10, 20, 30, 0, 10, 20, 30, 255]);
        Assert.Equal([255, 255, 255, 10, 20, 30], PngReader.Read(file).Pixels);
    }

    [Fact]
    public void Every_filter_is_undone()
    {
        Picture picture = Noise(5, 5);
        byte[] rows = new byte[5 * 16];
        for (int y = 0; y < 5; y++)
        {
            rows[16 * y] = (byte)y;
            PngFilter.Apply(y, picture.Pixels.AsSpan(15 * y, 15), y == 0 ? new byte[15] : picture.Pixels.AsSpan(15 * (y - 1), 15), 3, rows.AsSpan((16 * y) + 1, 15));
        }
        Assert.Equal(picture.Pixels, PngReader.Read(File(5, 5, 8, 2, rows)).Pixels);
    }

    [Fact]
    public void A_claim_of_many_pixels_is_refused_before_they_are_made()
    {
        byte[] file = File(5000, 5000, bits: 8, kind: 2, [0, 1, 2, 3]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("more than its data can hold", Assert.Throws<InvalidDataException>(() => PngReader.Read(file)).Message);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 100_000);
    }

    [Fact]
    public void What_is_not_read_says_why()
    {
        Assert.Contains("not a PNG", Assert.Throws<InvalidDataException>(() => PngReader.Read("GIF89a"u8)).Message);
        Assert.Contains("Interlaced", Assert.Throws<InvalidDataException>(() => PngReader.Read(File(1, 1, 8, 2, [0, 1, 2, 3], interlaced: true))).Message);
        Assert.Contains("form", Assert.Throws<InvalidDataException>(() => PngReader.Read(File(1, 1, 5, 2, [0, 1, 2, 3]))).Message);
        Assert.Contains("palette", Assert.Throws<InvalidDataException>(() => PngReader.Read(File(1, 1, 8, 3, [0, 1]))).Message);
        Assert.Contains("before its last row", Assert.Throws<InvalidDataException>(() => PngReader.Read(File(2, 2, 8, 2, [0, 1, 2, 3]))).Message);
    }

    [Fact]
    public void No_damage_makes_anything_but_one_error()
    {
        byte[] file = Write(Noise(20, 20));
        var random = new Random(5);
        for (int trial = 0; trial < 2000; trial++)
        {
            byte[] damaged = file.AsSpan(0, trial % 3 == 0 ? random.Next(file.Length) : file.Length).ToArray();
            for (int i = 0; i < 3 && damaged.Length > 0; i++) damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            // Damaged check numbers would hide the rest.
            if (trial % 2 == 0) Repair(damaged);
            try
            {
                PngReader.Read(damaged);
            }
            catch (InvalidDataException)
            {
            }
        }
    }

    private static Picture Noise(int width, int height)
    {
        var picture = new Picture(width, height);
        new Random(width).NextBytes(picture.Pixels);
        return picture;
    }

    private static byte[] Write(Picture picture)
    {
        using var stream = new MemoryStream();
        PngWriter.Write(stream, picture);
        return stream.ToArray();
    }

    private static void Repair(byte[] file)
    {
        for (int at = 8; at + 12 <= file.Length;)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at));
            if (length > file.Length - at - 12) return;
            BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(at + 8 + (int)length), ~PngChecksum.Continue(uint.MaxValue, file.AsSpan(at + 4, 4 + (int)length)));
            at += 12 + (int)length;
        }
    }

    private static byte[] File(int width, int height, int bits, int kind, byte[] rows, params (string Kind, byte[] Data)[] more) => File(width, height, bits, kind, rows, interlaced: false, more);

    private static byte[] File(int width, int height, int bits, int kind, byte[] rows, bool interlaced, params (string Kind, byte[] Data)[] more)
    {
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9], header[12]) = ((byte)bits, (byte)kind, interlaced ? (byte)1 : (byte)0);
        using var data = new MemoryStream();
        using (var zlib = new ZLibStream(data, CompressionLevel.Optimal, leaveOpen: true)) zlib.Write(rows);
        byte[] file = [0x89, .. "PNG"u8, 13, 10, 26, 10, .. Chunk("IHDR", header), .. more.SelectMany(each => Chunk(each.Kind, each.Data)), .. Chunk("IDAT", data.ToArray()), .. Chunk("IEND", [])];
        Repair(file);
        return file;
    }

    private static byte[] Chunk(string kind, byte[] data)
    {
        byte[] length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, data.Length);
        return [.. length, .. kind.Select(c => (byte)c), .. data, 0, 0, 0, 0];
    }
}
