namespace Percheron.Codecs.Images;

/// <summary>
/// A picture codec without a network: each square block is the nearest of 256 colours to its mean. The colours are six levels of red, seven of green, six of blue, and four greys between.
/// </summary>
public sealed class PaletteCodec : IPictureCodec
{
    private const int Reds = 6, Greens = 7, Blues = 6, Regular = Reds * Greens * Blues, Unknown = 128;

    private readonly byte[] _colours = new byte[3 * 256];
    private readonly int _block;

    /// <param name="width">Codes of a row.</param>
    /// <param name="height">Rows of codes.</param>
    /// <param name="block">Pixels of a code in both directions.</param>
    public PaletteCodec(int width = 16, int height = 16, int block = 4)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(block, 1);
        (Width, Height, _block) = (width, height, block);
        for (int code = 0; code < Count; code++)
        {
            Span<byte> colour = _colours.AsSpan(3 * code, 3);
            if (code < Regular) (colour[0], colour[1], colour[2]) = (Level(code / (Greens * Blues), Reds), Level(code / Blues % Greens, Greens), Level(code % Blues, Blues));
            else colour.Fill((byte)(51 * (code - Regular) + 26));
        }
    }

    /// <inheritdoc/>
    public int Width { get; }

    /// <inheritdoc/>
    public int Height { get; }

    /// <inheritdoc/>
    public int Count => 256;

    /// <inheritdoc/>
    public int PictureWidth => Width * _block;

    /// <inheritdoc/>
    public int PictureHeight => Height * _block;

    /// <summary>Three: red, green and blue, 0 to 1.</summary>
    public int VectorWidth => 3;

    /// <inheritdoc/>
    public void ReadVector(int code, Span<float> vector)
    {
        for (int c = 0; c < 3; c++) vector[c] = _colours[(3 * code) + c] / 255f;
    }

    /// <inheritdoc/>
    public void Encode(Picture picture, Span<int> codes)
    {
        PictureGrid.CheckEncode(this, picture, codes);
        for (int i = 0; i < codes.Length; i++) codes[i] = Nearest(picture, i % Width * _block, i / Width * _block);
    }

    /// <inheritdoc/>
    public void Decode(ReadOnlySpan<int> codes, Picture picture)
    {
        PictureGrid.CheckDecode(this, codes, picture);
        picture.Pixels.AsSpan().Fill(Unknown);
        for (int i = 0; i < codes.Length; i++)
        {
            ReadOnlySpan<byte> colour = _colours.AsSpan(3 * codes[i], 3);
            for (int y = 0; y < _block; y++)
            {
                for (int x = 0; x < _block; x++) colour.CopyTo(picture[(i % Width * _block) + x, (i / Width * _block) + y]);
            }
        }
    }

    private static byte Level(int level, int levels) => (byte)(((255 * level) + ((levels - 1) / 2)) / (levels - 1));

    // In whole numbers of a block's sums; of equals the lower code.
    private int Nearest(Picture picture, int left, int top)
    {
        Span<long> sums = stackalloc long[3];
        sums.Clear();
        for (int y = 0; y < _block; y++)
        {
            for (int x = 0; x < _block; x++)
            {
                ReadOnlySpan<byte> pixel = picture[left + x, top + y];
                for (int c = 0; c < 3; c++) sums[c] += pixel[c];
            }
        }
        int best = 0;
        long least = long.MaxValue;
        for (int code = 0; code < Count; code++)
        {
            long distance = 0;
            for (int c = 0; c < 3; c++)
            {
                long difference = sums[c] - ((long)_colours[(3 * code) + c] * _block * _block);
                distance += difference * difference;
            }
            if (distance < least) (least, best) = (distance, code);
        }
        return best;
    }
}
