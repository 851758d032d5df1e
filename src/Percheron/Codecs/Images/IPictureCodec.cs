namespace Percheron.Codecs.Images;

/// <summary>Pictures of one size as a grid of codes in raster order, and back. Not safe for several threads at once.</summary>
public interface IPictureCodec
{
    /// <summary>Codes of a row of the grid.</summary>
    int Width { get; }

    /// <summary>Rows of the grid.</summary>
    int Height { get; }

    /// <summary>Number of different codes; a code is 0 … Count − 1.</summary>
    int Count { get; }

    /// <summary>Pixels of a row of the picture.</summary>
    int PictureWidth { get; }

    /// <summary>Pixel rows of the picture.</summary>
    int PictureHeight { get; }

    /// <summary>Floats of the vector of a code.</summary>
    int VectorWidth { get; }

    /// <summary>Writes the vector of a code [VectorWidth]; codes of near vectors look nearly the same.</summary>
    void ReadVector(int code, Span<float> vector);

    /// <summary>Encodes a picture.</summary>
    /// <param name="picture">PictureWidth x PictureHeight pixels.</param>
    /// <param name="codes">The grid [Height, Width].</param>
    /// <exception cref="ArgumentException">The picture has another size, or the codes do not fill the grid.</exception>
    void Encode(Picture picture, Span<int> codes);

    /// <summary>Decodes codes into a picture. Where there are fewer than the grid holds the rest is unknown: the picture is what can be seen so far.</summary>
    /// <param name="codes">The first codes of the grid, at most Height x Width.</param>
    /// <param name="picture">PictureWidth x PictureHeight pixels, all of which are written.</param>
    /// <exception cref="ArgumentException">The picture has another size, or there are too many codes or unknown ones.</exception>
    void Decode(ReadOnlySpan<int> codes, Picture picture);
}
