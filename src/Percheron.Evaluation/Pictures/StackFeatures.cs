using Percheron.Codecs.Images;
using Percheron.Codecs.Networks;
using Percheron.Formats;

namespace Percheron.Evaluation.Pictures;

/// <summary>The features of a small network that was trained here to say what stands where in scenes.</summary>
public sealed class StackFeatures : IPictureFeatures
{
    /// <summary>The architecture that its file states.</summary>
    public const string Architecture = "percheron-picture-features";

    /// <summary>The name of the network in its file.</summary>
    public const string Network = "features";

    private readonly LayerStack _stack;
    private readonly float[] _pixels, _features;

    /// <param name="file">The file; it may be closed afterwards.</param>
    /// <exception cref="ModelFormatException">The file is damaged, or of something else.</exception>
    public StackFeatures(GgufFile file)
    {
        PictureInput.Check(file, Architecture);
        _stack = PictureInput.Tower(file, Network);
        (Name, _pixels, _features) = (file.GetString("general.name", "small network"), new float[_stack.Plan.Input.Count], new float[_stack.Plan.Output.Count]);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public int Dimensions => _features.Length;

    /// <summary>Reads a file.</summary>
    /// <exception cref="ModelFormatException">The file is damaged, or of something else.</exception>
    /// <exception cref="IOException">The file does not exist or cannot be read.</exception>
    public static StackFeatures Open(string path)
    {
        using GgufFile file = GgufFile.Open(path);
        return new StackFeatures(file);
    }

    /// <inheritdoc/>
    public void Read(Picture picture, Span<double> features)
    {
        PictureInput.Read(picture, _stack.Plan.Input, _pixels);
        _stack.Run(_pixels, _features);
        for (int i = 0; i < _features.Length; i++) features[i] = _features[i];
    }

    /// <inheritdoc/>
    public void Dispose() { }
}
