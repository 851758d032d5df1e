using System.Buffers.Binary;

namespace Percheron.Codecs.Images;

/// <summary>What the header of a PNG says, checked.</summary>
internal readonly record struct PngForm(int Width, int Height, int Bits, PngForm.Kind Colours)
{
    public enum Kind
    {
        Grey = 0,
        Colour = 2,
        Palette = 3,
        GreyAlpha = 4,
        ColourAlpha = 6,
    }

    public bool IsPalette => Colours == Kind.Palette;

    public int Channels => Colours switch { Kind.Colour => 3, Kind.GreyAlpha => 2, Kind.ColourAlpha => 4, _ => 1 };

    /// <summary>Bytes from one pixel to the next, at least 1: what filters look back by.</summary>
    public int PixelBytes => Math.Max(1, Channels * Bits / 8);

    public long RowBytes => (((long)Width * Channels * Bits) + 7) / 8;

    public static PngForm Read(ReadOnlySpan<byte> header)
    {
        if (header.Length != 13) throw new InvalidDataException("The PNG's header is damaged.");
        int width = BinaryPrimitives.ReadInt32BigEndian(header), height = BinaryPrimitives.ReadInt32BigEndian(header[4..]), bits = header[8];
        var colours = (Kind)header[9];
        if (width < 1 || height < 1 || (long)width * height > Picture.MostPixels) throw new InvalidDataException($"The PNG claims {width} x {height} pixels; at most {Picture.MostPixels} are read.");
        bool known = colours switch
        {
            Kind.Grey => bits is 1 or 2 or 4 or 8 or 16,
            Kind.Palette => bits is 1 or 2 or 4 or 8,
            Kind.Colour or Kind.GreyAlpha or Kind.ColourAlpha => bits is 8 or 16,
            _ => false,
        };
        if (!known || header[10] != 0 || header[11] != 0) throw new InvalidDataException("The PNG's header names a form that does not exist.");
        if (header[12] != 0) throw new InvalidDataException("Interlaced PNG files are not read; save the picture without interlacing.");
        return new PngForm(width, height, bits, colours);
    }
}
