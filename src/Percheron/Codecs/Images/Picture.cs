namespace Percheron.Codecs.Images;

/// <summary>A picture of red, green and blue bytes.</summary>
public sealed class Picture
{
    /// <summary>Most pixels of a picture: what a stray size in a file may not exceed.</summary>
    public const int MostPixels = 1 << 25;

    /// <summary>A black picture.</summary>
    /// <param name="width">Pixels of a row, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    public Picture(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)width * height, MostPixels, nameof(height));
        (Width, Height, Pixels) = (width, height, new byte[3 * width * height]);
    }

    /// <summary>Pixels of a row.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Red, green and blue of every pixel, row by row from the top [height, width, 3].</summary>
    public byte[] Pixels { get; }

    /// <summary>Red, green and blue of one pixel: a view, not a copy.</summary>
    public Span<byte> this[int x, int y]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)x, (uint)Width, nameof(x));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)y, (uint)Height, nameof(y));
            return Pixels.AsSpan(3 * ((y * Width) + x), 3);
        }
    }

    /// <summary>The picture at another size: each pixel the mean of the area it stands for, so that it serves for making smaller above all.</summary>
    public Picture Resized(int width, int height)
    {
        var resized = new Picture(width, height);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++) Area(x, y, resized);
        }
        return resized;
    }

    /// <summary>Pictures of one size beside and below one another, <paramref name="columns"/> in a row, this many pixels of white between them.</summary>
    /// <exception cref="ArgumentException">There are none, or they differ in size.</exception>
    public static Picture Grid(IReadOnlyList<Picture> pictures, int columns, int gap = 2)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(gap);
        if (pictures.Count == 0) throw new ArgumentException("A grid needs a picture.", nameof(pictures));
        (int width, int height) = (pictures[0].Width, pictures[0].Height);
        int rows = (pictures.Count + columns - 1) / columns;
        var grid = new Picture((columns * (width + gap)) - gap, (rows * (height + gap)) - gap);
        grid.Pixels.AsSpan().Fill(255);
        for (int i = 0; i < pictures.Count; i++)
        {
            Picture picture = pictures[i];
            if (picture.Width != width || picture.Height != height) throw new ArgumentException("The pictures of a grid have one size.", nameof(pictures));
            int left = i % columns * (width + gap), top = i / columns * (height + gap);
            for (int y = 0; y < height; y++)
                picture.Pixels.AsSpan(3 * y * width, 3 * width).CopyTo(grid.Pixels.AsSpan(3 * (((top + y) * grid.Width) + left)));
        }
        return grid;
    }

    private void Area(int x, int y, Picture resized)
    {
        double left = (double)x * Width / resized.Width, right = (double)(x + 1) * Width / resized.Width;
        double top = (double)y * Height / resized.Height, bottom = (double)(y + 1) * Height / resized.Height;
        Span<double> sums = stackalloc double[3];
        sums.Clear();
        for (int row = (int)top; row < Height && row < bottom; row++)
        {
            double tall = Math.Min(bottom, row + 1) - Math.Max(top, row);
            for (int column = (int)left; column < Width && column < right; column++)
            {
                double share = tall * (Math.Min(right, column + 1) - Math.Max(left, column));
                ReadOnlySpan<byte> pixel = this[column, row];
                for (int c = 0; c < 3; c++) sums[c] += share * pixel[c];
            }
        }
        Span<byte> target = resized[x, y];
        for (int c = 0; c < 3; c++) target[c] = (byte)Math.Clamp(Math.Round(sums[c] / ((right - left) * (bottom - top))), 0, 255);
    }
}
