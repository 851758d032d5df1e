using Percheron.Codecs.Speech;
using Percheron.Formats;
using Percheron.Training.Nets;
using Percheron.Training.Tokens;
using static TorchSharp.torch;

namespace Percheron.Training.Export;

/// <summary>Writes a trained recogniser as a GGUF file of architecture <c>whisper</c>, and reads its parameters back.</summary>
public static class WhisperFile
{
    /// <summary>Writes parameters, vocabulary and what frames are made of; matrices as <paramref name="matrices"/> (F16 where rows do not fill its blocks), vectors as F32.</summary>
    /// <param name="path">File to write.</param>
    /// <param name="net">The network; one without an encoder becomes an assistant.</param>
    /// <param name="vocabulary">Its tokens.</param>
    /// <param name="mel">What frames are made of.</param>
    /// <param name="matrices">Element type of matrices.</param>
    /// <param name="about">Name and licence.</param>
    public static void Write(string path, WhisperNet net, ModelVocabulary vocabulary, WhisperMelSettings mel, TensorType matrices, (string Name, string License) about)
    {
        WhisperShape shape = net.Shape;
        if (vocabulary.Count != shape.Vocab || mel.Bands != shape.Bands) throw new ArgumentException($"The network has {shape.Vocab} tokens and {shape.Bands} bands, the vocabulary {vocabulary.Count} and the frames {mel.Bands}.", nameof(net));
        var writer = new GgufWriter();
        writer.Add("general.architecture", "whisper");
        writer.Add("general.name", about.Name);
        writer.Add("general.license", about.License);
        writer.Add("general.quantization_version", 2u);
        writer.Add("general.file_type", GgufModel.FileType(matrices));
        mel.Describe(writer);
        writer.Add("whisper.start_tokens", new int[] { BpeVocabulary.EndOfText });
        Describe(writer, shape, "decoder", shape.DecoderLayers, shape.Context);
        if (shape.EncoderLayers > 0) Describe(writer, shape, "encoder", shape.EncoderLayers, shape.States);
        else foreach ((string key, int value) in ((string, int)[])[("embedding_length", shape.Width), ("context_length", shape.States)]) writer.Add($"whisper.encoder.{key}", (uint)value);
        GgufModel.Describe(writer, vocabulary);
        foreach ((string name, int rows, int columns) in shape.Tensors())
        {
            float[] values = net.Tensors[name].data<float>().ToArray();
            if (columns == 0) writer.AddTensor(name, TensorType.F32, [rows], values);
            else writer.AddTensor(name, columns % BlockCodec.BlockSize(matrices) == 0 ? matrices : TensorType.F16, [columns, rows], values);
        }
        writer.Write(path);
    }

    /// <summary>A network with the parameters of a file <see cref="Write"/> made, as they were stored.</summary>
    /// <exception cref="ModelFormatException">The file is damaged.</exception>
    /// <exception cref="InvalidDataException">The file holds another architecture.</exception>
    public static WhisperNet Read(string path, ScalarType compute)
    {
        using GgufFile file = GgufFile.Open(path);
        var net = new WhisperNet(WhisperShape.Of(file), seed: 0, compute);
        using IDisposable fixedValues = no_grad();
        foreach ((string name, Tensor value) in net.Tensors)
        {
            using Tensor stored = tensor(file.ReadFloats(file.Tensor(name)), value.shape);
            value.copy_(stored);
        }
        return net;
    }

    private static void Describe(GgufWriter writer, WhisperShape shape, string half, int layers, int context)
    {
        foreach ((string key, int value) in ((string, int)[])[("block_count", layers), ("embedding_length", shape.Width), ("feed_forward_length", shape.FeedForward), ("attention.head_count", shape.Heads), ("context_length", context)])
            writer.Add($"whisper.{half}.{key}", (uint)value);
        writer.Add($"whisper.{half}.attention.layer_norm_epsilon", (float)WhisperShape.Epsilon);
    }
}
