using Percheron.Codecs.Networks;
using Percheron.Formats;
using Percheron.Kernels;

namespace Percheron.Codecs.Images;

/// <summary>
/// A learned picture codec: a network makes a grid of vectors of a picture, each becomes the number of the nearest vector of a codebook, and another network makes the picture of those.
/// Source: van den Oord, Vinyals and Kavukcuoglu, "Neural Discrete Representation Learning" (2017), section 3.
/// </summary>
public sealed class VqCodec : IPictureCodec
{
    /// <summary>The architecture that a codec's file states.</summary>
    public const string Architecture = "percheron-picture";

    /// <summary>The name of the network that makes vectors.</summary>
    public const string Encoder = "encoder";

    /// <summary>The name of the network that makes pictures.</summary>
    public const string Decoder = "decoder";

    /// <summary>The tensor [Count, VectorWidth] of the codebook.</summary>
    public const string Codebook = "codebook.weight";

    private const int Channels = 3, MostCodes = 1 << 16;

    private readonly LayerStack _encoder, _decoder;
    private readonly float[] _codebook, _pixels, _vectors;

    /// <param name="file">The codec's file; it may be closed afterwards.</param>
    /// <param name="team">Who shares the work; null for the calling thread alone. Not owned.</param>
    /// <exception cref="ModelFormatException">The file is damaged, or no picture codec.</exception>
    public VqCodec(GgufFile file, ThreadTeam? team = null)
    {
        if (file.GetString("general.architecture") is var kind && kind != Architecture) throw file.Fault("general.architecture", $"this is '{kind}', not a picture codec ('{Architecture}')");
        (_encoder, _decoder) = (new LayerStack(file, Encoder, team), new LayerStack(file, Decoder, team));
        LayerShape picture = _encoder.Plan.Input, grid = _encoder.Plan.Output;
        if (picture.Channels != Channels || _decoder.Plan.Output != picture || _decoder.Plan.Input != grid) throw new ModelFormatException(file.Path, 0, $"the encoder makes {grid} of {picture}, the decoder {_decoder.Plan.Output} of {_decoder.Plan.Input}: these are not the two ways of a codec");
        TensorInfo codebook = file.Tensor(Codebook);
        if (codebook.Dimensions.Length != 2 || codebook.Columns != grid.Channels || codebook.Rows > MostCodes) throw file.Fault(codebook, $"the codebook is not one of at most {MostCodes} vectors of {grid.Channels} floats");
        _codebook = file.ReadFloats(codebook);
        (Count, _pixels, _vectors) = ((int)codebook.Rows, new float[picture.Count], new float[grid.Count]);
    }

    /// <inheritdoc/>
    public int Width => _decoder.Plan.Input.Width;

    /// <inheritdoc/>
    public int Height => _decoder.Plan.Input.Height;

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public int PictureWidth => _encoder.Plan.Input.Width;

    /// <inheritdoc/>
    public int PictureHeight => _encoder.Plan.Input.Height;

    /// <inheritdoc/>
    public int VectorWidth => _decoder.Plan.Input.Channels;

    /// <summary>Reads a codec's file.</summary>
    /// <exception cref="ModelFormatException">The file is damaged, or no picture codec.</exception>
    /// <exception cref="IOException">The file does not exist or cannot be read.</exception>
    public static VqCodec Open(string path, ThreadTeam? team = null)
    {
        using GgufFile file = GgufFile.Open(path);
        return new VqCodec(file, team);
    }

    /// <inheritdoc/>
    public void ReadVector(int code, Span<float> vector) => _codebook.AsSpan(code * VectorWidth, VectorWidth).CopyTo(vector);

    /// <inheritdoc/>
    public void Encode(Picture picture, Span<int> codes)
    {
        PictureGrid.CheckEncode(this, picture, codes);
        for (int i = 0; i < _pixels.Length; i++) _pixels[i] = (picture.Pixels[i] / 127.5f) - 1;
        _encoder.Run(_pixels, _vectors);
        for (int i = 0; i < codes.Length; i++) codes[i] = Nearest(_vectors.AsSpan(i * VectorWidth, VectorWidth));
    }

    /// <inheritdoc/>
    public void Decode(ReadOnlySpan<int> codes, Picture picture)
    {
        PictureGrid.CheckDecode(this, codes, picture);
        // A vector of zeros is no code: what is unknown stays pale.
        _vectors.AsSpan(codes.Length * VectorWidth).Clear();
        for (int i = 0; i < codes.Length; i++) ReadVector(codes[i], _vectors.AsSpan(i * VectorWidth));
        _decoder.Run(_vectors, _pixels);
        for (int i = 0; i < _pixels.Length; i++)
        {
            float value = ((_pixels[i] + 1) * 127.5f) + 0.5f;
            // Not a number is black.
            picture.Pixels[i] = value > 0 ? (byte)Math.Min(value, 255) : (byte)0;
        }
    }

    // Of equals the lower code.
    private int Nearest(ReadOnlySpan<float> vector)
    {
        int best = 0;
        float least = float.PositiveInfinity;
        for (int code = 0; code < Count; code++)
        {
            float distance = 0;
            for (int i = 0; i < vector.Length; i++)
            {
                float difference = vector[i] - _codebook[(code * vector.Length) + i];
                distance += difference * difference;
            }
            if (distance < least) (least, best) = (distance, code);
        }
        return best;
    }
}
