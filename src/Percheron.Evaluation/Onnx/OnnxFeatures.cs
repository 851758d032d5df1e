using Percheron.Codecs.Images;
using Percheron.Evaluation.Pictures;

namespace Percheron.Evaluation.Onnx;

/// <summary>The features of any ONNX network that takes a picture, such as an Inception: all numbers of its first output. Pixels go in from −1 to 1, resized by area; reports call it by the file's name.</summary>
public sealed class OnnxFeatures : IPictureFeatures
{
    private static readonly float[] Half = [0.5f, 0.5f, 0.5f];

    private readonly OnnxNetwork _network;
    private readonly OnnxPicture _input;

    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">It cannot be read, or takes no picture.</exception>
    public OnnxFeatures(string path)
    {
        _network = new OnnxNetwork(path);
        try
        {
            _input = new OnnxPicture(_network.Inputs[0].Shape, path, Half, Half);
            // The size of the output may be open in the file: a black picture says it.
            Dimensions = _network.Run(_input.Read(new Picture(1, 1)), _input.Shape).Length;
        }
        catch
        {
            _network.Dispose();
            throw;
        }
        Name = Path.GetFileNameWithoutExtension(path);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public int Dimensions { get; }

    /// <inheritdoc/>
    public void Read(Picture picture, Span<double> features)
    {
        float[] read = _network.Run(_input.Read(picture), _input.Shape);
        for (int i = 0; i < read.Length; i++) features[i] = read[i];
    }

    /// <inheritdoc/>
    public void Dispose() => _network.Dispose();
}
