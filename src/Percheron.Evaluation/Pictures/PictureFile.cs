using Percheron.Codecs.Images;
using StbImageSharp;

namespace Percheron.Evaluation.Pictures;

/// <summary>Reads PNG and JPEG files.</summary>
public static class PictureFile
{
    // A block of 64 pixels takes a bit at the very least, but for whole runs of empty ones.
    private const long MostPixelsOfByte = 4096, LongestFile = 1 << 27;

    /// <summary>Reads a file of either kind, by what it begins with.</summary>
    /// <exception cref="InvalidDataException">It is damaged or of another kind.</exception>
    /// <exception cref="IOException">It does not exist or cannot be read.</exception>
    public static Picture Read(string path)
    {
        using FileStream file = File.OpenRead(path);
        if (file.Length > LongestFile) throw new InvalidDataException($"'{path}' is longer than {LongestFile >> 20} MB, which no picture needs.");
        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        try
        {
            return bytes is [0xFF, 0xD8, ..] ? Jpeg(bytes) : PngReader.Read(bytes);
        }
        catch (InvalidDataException error)
        {
            throw new InvalidDataException($"'{path}': {error.Message}", error);
        }
    }

    /// <summary>The largest square in the middle of a picture at another size.</summary>
    public static Picture Square(Picture picture, int side)
    {
        int inner = Math.Min(picture.Width, picture.Height), left = (picture.Width - inner) / 2, top = (picture.Height - inner) / 2;
        var square = new Picture(inner, inner);
        for (int y = 0; y < inner; y++) picture.Pixels.AsSpan(3 * (((top + y) * picture.Width) + left), 3 * inner).CopyTo(square.Pixels.AsSpan(3 * y * inner));
        return square.Resized(side, side);
    }

    private static Picture Jpeg(byte[] bytes)
    {
        try
        {
            using var stream = new EndingStream(bytes);
            if (ImageInfo.FromStream(stream) is not { } info || info.Width < 1 || info.Height < 1) throw new InvalidDataException("This JPEG is damaged, or of a kind that is not read.");
            if ((long)info.Width * info.Height > Math.Min(Picture.MostPixels, bytes.Length * MostPixelsOfByte)) throw new InvalidDataException($"The JPEG claims {info.Width} x {info.Height} pixels, more than its data can hold.");
            using var whole = new EndingStream(bytes);
            ImageResult decoded = ImageResult.FromStream(whole, ColorComponents.RedGreenBlue);
            var picture = new Picture(decoded.Width, decoded.Height);
            decoded.Data.AsSpan(0, picture.Pixels.Length).CopyTo(picture.Pixels);
            return picture;
        }
        catch (Exception error) when (error is not InvalidDataException and not OutOfMemoryException)
        {
            // The decoder says what it meets in many ways: a file that is no JPEG is the one reason for all.
            throw new InvalidDataException("This JPEG is damaged, or of a kind that is not read.", error);
        }
    }
}
