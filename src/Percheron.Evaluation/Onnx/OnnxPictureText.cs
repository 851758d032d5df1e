using Percheron.Codecs;
using Percheron.Codecs.Images;
using Percheron.Evaluation.Pictures;

namespace Percheron.Evaluation.Onnx;

/// <summary>
/// A CLIP in a folder as exports of published checkpoints have it: <c>vision_model.onnx</c> (pixel_values → image_embeds), <c>text_model.onnx</c> (input_ids → text_embeds) and <c>tokenizer.json</c>. Reports call
/// it by the folder's name.
/// </summary>
public sealed class OnnxPictureText : IPictureText
{
    private const int Side = 224, LongestText = 77;

    // What published CLIP checkpoints were trained with.
    private static readonly float[] Mean = [0.48145466f, 0.4578275f, 0.40821073f], Deviation = [0.26862954f, 0.26130258f, 0.27577711f];

    private readonly OnnxNetwork _vision, _text;
    private readonly OnnxPicture _input;
    private readonly Func<string, int[]> _encode;

    /// <param name="folder">Holds the three files.</param>
    /// <exception cref="InvalidDataException">A file cannot be read, or is of something else.</exception>
    public OnnxPictureText(string folder)
        : this(folder, Encoder(Path.Combine(folder, "tokenizer.json")))
    {
    }

    internal OnnxPictureText(string folder, Func<string, int[]> encode)
    {
        string vision = Path.Combine(folder, "vision_model.onnx");
        (_encode, Name, _vision) = (encode, Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)), new OnnxNetwork(vision));
        try
        {
            _input = new OnnxPicture(_vision.Inputs[0].Shape, vision, Mean, Deviation, Side);
            _text = new OnnxNetwork(Path.Combine(folder, "text_model.onnx"));
        }
        catch
        {
            _vision.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public double Score(Picture picture, string caption)
    {
        int[] ids = _encode(caption);
        return 100 * Math.Max(0, Cosine.Of(_vision.Run(_input.Read(picture), _input.Shape, "image_embeds"), _text.Run([.. ids.Take(LongestText).Select(id => (long)id)], "text_embeds")));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _vision.Dispose();
        _text.Dispose();
    }

    private static Func<string, int[]> Encoder(string path)
    {
        Tokenizer tokenizer = Tokenizer.FromHuggingFace(path);
        return caption => [.. tokenizer.Encode(caption, addSpecial: true, parseSpecial: false)];
    }
}
