using Percheron.Codecs.Images;
using Percheron.Codecs.Networks;
using Percheron.Formats;

namespace Percheron.Evaluation.Pictures;

/// <summary>Two small networks that were trained here on captioned scenes; the one of captions sees words in their order.</summary>
public sealed class StackPictureText : IPictureText
{
    /// <summary>The architecture that its file states.</summary>
    public const string Architecture = "percheron-picture-text";

    /// <summary>The names of the networks in its file.</summary>
    public const string PictureNetwork = "picture", TextNetwork = "text";

    /// <summary>The key of the known words.</summary>
    public const string WordsKey = "percheron.picture-text.words";

    private readonly LayerStack _picture, _text;
    private readonly CaptionVocabulary _vocabulary;
    private readonly float[] _pixels, _seen, _read;

    /// <param name="file">The file; it may be closed afterwards.</param>
    /// <exception cref="ModelFormatException">The file is damaged, or of something else.</exception>
    public StackPictureText(GgufFile file)
    {
        PictureInput.Check(file, Architecture);
        (_picture, _text, _vocabulary) = (PictureInput.Tower(file, PictureNetwork), new LayerStack(file, TextNetwork), new CaptionVocabulary(file.GetStrings(WordsKey)));
        LayerDescription words = _text.Plan.Steps[0].Layer;
        if (words.Kind != LayerKind.Embedding || words.Tokens != _vocabulary.Count || _text.Plan.Output != _picture.Plan.Output)
            throw new ModelFormatException(file.Path, 0, $"the network '{TextNetwork}' does not make of {_vocabulary.Count} words what '{PictureNetwork}' makes of pictures");
        (Name, _pixels, _seen, _read) = (file.GetString("general.name", "small networks"), new float[_picture.Plan.Input.Count], new float[_picture.Plan.Output.Count], new float[_text.Plan.Output.Count]);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="ModelFormatException">The file is damaged, or of something else.</exception>
    /// <exception cref="IOException">The file does not exist or cannot be read.</exception>
    public static StackPictureText Open(string path)
    {
        using GgufFile file = GgufFile.Open(path);
        return new StackPictureText(file);
    }

    /// <inheritdoc/>
    public double Score(Picture picture, string caption)
    {
        PictureInput.Read(picture, _picture.Plan.Input, _pixels);
        _picture.Run(_pixels, _seen);
        _text.Run(_vocabulary.Encode(caption, _text.Plan.Input.Width), _read);
        return 100 * Math.Max(0, Cosine.Of(_seen, _read));
    }

    /// <inheritdoc/>
    public void Dispose() { }
}
