using Percheron.Codecs;
using Percheron.Formats;
using Percheron.Training.Nets;
using Percheron.Training.Tokens;
using static TorchSharp.torch;

namespace Percheron.Training.Export;

/// <summary>Writes a trained network as a GGUF file of architecture <c>llama</c>, and reads its parameters back.</summary>
public static class GgufModel
{
    // llama.cpp's numbers for "mostly" this type.
    private static readonly Dictionary<TensorType, uint> FileTypes = new() { [TensorType.F32] = 0, [TensorType.F16] = 1, [TensorType.Q8_0] = 7, [TensorType.BF16] = 32 };

    /// <summary>llama.cpp's number of a file whose matrices are mostly of this type; 0 for a type it has none for.</summary>
    public static uint FileType(TensorType matrices) => FileTypes.GetValueOrDefault(matrices);

    /// <summary>Writes parameters and vocabulary; matrices as <paramref name="matrices"/>, norms as F32. The head is the embedding and is not repeated.</summary>
    public static void Write(string path, LlamaNet net, ModelVocabulary vocabulary, TensorType matrices, string name, string license = "mit") =>
        Writer(net, net.Shape, vocabulary, matrices, name, license).Write(path);

    /// <summary>The same file before it is written, of any network that holds the tensors of the shape; more may be added to it.</summary>
    public static GgufWriter Writer(Net net, LlamaShape shape, ModelVocabulary vocabulary, TensorType matrices, string name, string license = "mit")
    {
        if (vocabulary.Count != shape.Vocab) throw new ArgumentException($"The network has {shape.Vocab} tokens, the vocabulary {vocabulary.Count}.", nameof(vocabulary));
        var writer = new GgufWriter();
        Describe(writer, shape, matrices, (name, license));
        Describe(writer, vocabulary);
        foreach ((string tensor, int rows, int columns) in shape.Tensors())
        {
            float[] values = net.Tensors[tensor].data<float>().ToArray();
            if (columns == 0) writer.AddTensor(tensor, TensorType.F32, [rows], values);
            else writer.AddTensor(tensor, matrices, [columns, rows], values);
        }
        return writer;
    }

    /// <summary>A network with the parameters of a file <see cref="Write"/> made, as they were stored, and the file's vocabulary size; the context is the file's.</summary>
    /// <exception cref="ModelFormatException">The file is damaged.</exception>
    /// <exception cref="InvalidDataException">The file holds another architecture.</exception>
    public static LlamaNet Read(string path, ScalarType compute)
    {
        using GgufFile file = GgufFile.Open(path);
        LlamaShape shape = LlamaShape.Of(file);
        var net = new LlamaNet(shape, seed: 0, compute);
        using IDisposable fixedValues = no_grad();
        foreach ((string name, Tensor value) in net.Tensors)
        {
            using Tensor stored = tensor(file.ReadFloats(file.Tensor(name)), value.shape);
            value.copy_(stored);
        }
        return net;
    }

    /// <summary>The vocabulary of a file <see cref="Write"/> made.</summary>
    /// <exception cref="InvalidDataException">The file's tokens are not laid out as <see cref="BpeVocabulary"/> lays them out.</exception>
    public static ModelVocabulary ReadVocabulary(string path)
    {
        using GgufFile file = GgufFile.Open(path);
        if (file.Metadata.GetValueOrDefault("tokenizer.ggml.tokens")?.ToObject() is not string[] tokens || file.Metadata.GetValueOrDefault("tokenizer.ggml.merges")?.ToObject() is not string[] merges)
            throw new InvalidDataException($"'{path}' has no byte-level vocabulary.");
        Dictionary<string, int> ids = tokens.Select((token, id) => (token, id)).ToDictionary(pair => pair.token, pair => pair.id, StringComparer.Ordinal);
        var text = new BpeVocabulary([.. merges.Select(merge => merge.Split(' ')).Select(pair => (ids[pair[0]], ids[pair[1]]))]);
        CodeLayout? codes = CodeLayout.Read(file);
        var vocabulary = new ModelVocabulary(text, tokens[Math.Min(text.Count, tokens.Length)..Math.Clamp(codes?.First ?? tokens.Length, Math.Min(text.Count, tokens.Length), tokens.Length)], codes);
        if (vocabulary.Count != tokens.Length || Enumerable.Range(0, tokens.Length).Any(id => vocabulary.Spelling(id) != tokens[id]))
            throw new InvalidDataException($"'{path}' has a vocabulary that percheron-train did not make.");
        return vocabulary;
    }

    private static void Describe(GgufWriter writer, LlamaShape shape, TensorType matrices, (string Name, string License) about)
    {
        writer.Add("general.architecture", "llama");
        writer.Add("general.name", about.Name);
        writer.Add("general.license", about.License);
        writer.Add("general.quantization_version", 2u);
        writer.Add("general.file_type", FileType(matrices));
        writer.Add("llama.vocab_size", (uint)shape.Vocab);
        writer.Add("llama.context_length", (uint)shape.Context);
        writer.Add("llama.embedding_length", (uint)shape.Width);
        writer.Add("llama.block_count", (uint)shape.Layers);
        writer.Add("llama.feed_forward_length", (uint)shape.FeedForward);
        writer.Add("llama.attention.head_count", (uint)shape.Heads);
        writer.Add("llama.attention.head_count_kv", (uint)shape.KeyHeads);
        writer.Add("llama.attention.key_length", (uint)shape.HeadSize);
        writer.Add("llama.attention.value_length", (uint)shape.HeadSize);
        writer.Add("llama.attention.layer_norm_rms_epsilon", LlamaShape.Epsilon);
        writer.Add("llama.rope.dimension_count", (uint)shape.HeadSize);
        writer.Add("llama.rope.freq_base", LlamaShape.RopeBase);
    }

    /// <summary>Adds the tokens to a file.</summary>
    internal static void Describe(GgufWriter writer, ModelVocabulary vocabulary)
    {
        const int Normal = 1, Control = 3;
        int[] ids = [.. Enumerable.Range(0, vocabulary.Count)];
        writer.Add("tokenizer.ggml.model", "gpt2");
        writer.Add("tokenizer.ggml.pre", "gpt-2");
        writer.Add("tokenizer.ggml.tokens", ids.Select(vocabulary.Spelling).ToArray());
        writer.Add("tokenizer.ggml.token_type", ids.Select(id => vocabulary.IsControl(id) ? Control : Normal).ToArray());
        writer.Add("tokenizer.ggml.merges", vocabulary.Text.Merges.Select(merge => $"{vocabulary.Spelling(merge.Left)} {vocabulary.Spelling(merge.Right)}").ToArray());
        writer.Add("tokenizer.ggml.bos_token_id", (uint)BpeVocabulary.EndOfText);
        writer.Add("tokenizer.ggml.eos_token_id", (uint)BpeVocabulary.EndOfText);
        writer.Add("tokenizer.ggml.add_bos_token", true);
        vocabulary.Codes?.Write(writer);
    }
}
