namespace Percheron.Codecs.Images;

/// <summary>The five predictions by which rows of a PNG are stored as differences. Source: ISO/IEC 15948, section 9.</summary>
internal static class PngFilter
{
    /// <summary>Number of predictions: none, left, above, their mean, Paeth.</summary>
    public const int Count = 5;

    /// <summary>Replaces a row by its differences from what filter <paramref name="filter"/> predicts.</summary>
    /// <param name="filter">0 to 4.</param>
    /// <param name="row">The row.</param>
    /// <param name="above">The row above, as pictures have it; zeros for the first.</param>
    /// <param name="pixel">Bytes from one pixel to the next.</param>
    /// <param name="differences">Where they go, as long as the row.</param>
    public static void Apply(int filter, ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, int pixel, Span<byte> differences)
    {
        for (int i = 0; i < row.Length; i++) differences[i] = (byte)(row[i] - Predict(filter, row, above, pixel, i));
    }

    /// <summary>Turns differences back into the row, in place.</summary>
    public static void Undo(int filter, Span<byte> row, ReadOnlySpan<byte> above, int pixel)
    {
        for (int i = 0; i < row.Length; i++) row[i] += Predict(filter, row, above, pixel, i);
    }

    private static byte Predict(int filter, ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, int pixel, int i)
    {
        int left = i >= pixel ? row[i - pixel] : 0;
        return filter switch
        {
            0 => 0,
            1 => (byte)left,
            2 => above[i],
            3 => (byte)((left + above[i]) >> 1),
            _ => Paeth(left, above[i], i >= pixel ? above[i - pixel] : 0),
        };
    }

    private static byte Paeth(int left, int above, int corner)
    {
        int guess = left + above - corner;
        int toLeft = Math.Abs(guess - left), toAbove = Math.Abs(guess - above), toCorner = Math.Abs(guess - corner);
        return (byte)(toLeft <= toAbove && toLeft <= toCorner ? left : toAbove <= toCorner ? above : corner);
    }
}
