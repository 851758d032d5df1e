namespace Percheron.Codecs.Images;

/// <summary>Turns the samples of a PNG row into red, green and blue on white.</summary>
internal sealed class PngColours(PngForm form, byte[] palette, byte[] transparent)
{
    /// <summary>Reads a row without its filter into [width, 3].</summary>
    public void Read(ReadOnlySpan<byte> row, Span<byte> pixels)
    {
        for (int x = 0; x < form.Width; x++)
        {
            Span<byte> pixel = pixels.Slice(3 * x, 3);
            switch (form.Colours)
            {
                case PngForm.Kind.Palette: Palette(Sample(row, x), pixel); break;
                case PngForm.Kind.Grey: pixel.Fill((byte)(form.Bits < 8 ? Sample(row, x) * 255 / ((1 << form.Bits) - 1) : Sample(row, x))); break;
                case PngForm.Kind.GreyAlpha: pixel.Fill(OnWhite(Sample(row, 2 * x), Sample(row, (2 * x) + 1))); break;
                default:
                    int alpha = form.Channels == 4 ? Sample(row, (4 * x) + 3) : 255;
                    for (int c = 0; c < 3; c++) pixel[c] = OnWhite(Sample(row, (form.Channels * x) + c), alpha);
                    break;
            }
        }
    }

    // Of 16 bits the higher eight; below eight bits several share a byte, the first one highest.
    private int Sample(ReadOnlySpan<byte> row, int index)
    {
        if (form.Bits >= 8) return row[index * (form.Bits / 8)];
        int bit = index * form.Bits;
        return (row[bit >> 3] >> (8 - form.Bits - (bit & 7))) & ((1 << form.Bits) - 1);
    }

    private void Palette(int index, Span<byte> pixel)
    {
        if (3 * index >= palette.Length) throw new InvalidDataException("The PNG uses a colour that its palette does not have.");
        int alpha = index < transparent.Length ? transparent[index] : 255;
        for (int c = 0; c < 3; c++) pixel[c] = OnWhite(palette[(3 * index) + c], alpha);
    }

    private static byte OnWhite(int value, int alpha) => (byte)(((value * alpha) + (255 * (255 - alpha)) + 127) / 255);
}
