using Percheron.Formats;

namespace Percheron.Benchmarks.RandomModels;

/// <summary>Writes a model of a real shape with random weights: finite logits, no meaning.</summary>
internal sealed class RandomModel
{
    private const int Seed = 20_261_123;
    private readonly ModelShape _shape;
    private readonly TensorType _type;
    private readonly TensorType _headType;
    private readonly GgufWriter _writer = new();
    private readonly Dictionary<(TensorType Type, int Columns), RandomRows> _rows = [];
    private int _started;

    private RandomModel(ModelShape shape, TensorType type, TensorType headType) => (_shape, _type, _headType) = (shape, type, headType);

    /// <summary>Writes the file; what does not divide into blocks is Q8_0.</summary>
    /// <param name="shape">Sizes.</param>
    /// <param name="type">Storage of the matrices.</param>
    /// <param name="headType">Storage of the output matrix (where heads are tied, of the embedding): quantizers keep more of it.</param>
    /// <param name="context">Positions the file says it was trained for.</param>
    /// <param name="path">Replaced if it exists.</param>
    public static void Write(ModelShape shape, TensorType type, TensorType headType, int context, string path)
    {
        RandomModel model = new(shape, type, headType);
        model.AddMetadata(context);
        model.AddTensors();
        using FileStream stream = new(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16);
        model._writer.Write(stream);
    }

    private void AddMetadata(int context)
    {
        string name = _shape.Architecture;
        _writer.Add("general.architecture", name);
        _writer.Add("general.name", $"random {_shape.Name}");
        _writer.Add("general.quantization_version", 2u);
        _writer.Add($"{name}.context_length", (uint)context);
        _writer.Add($"{name}.embedding_length", (uint)_shape.Width);
        _writer.Add($"{name}.block_count", (uint)_shape.Layers);
        _writer.Add($"{name}.feed_forward_length", (uint)_shape.FeedForward);
        _writer.Add($"{name}.rope.dimension_count", (uint)(_shape.Width / _shape.Heads));
        _writer.Add($"{name}.rope.freq_base", 10_000f);
        _writer.Add($"{name}.attention.head_count", (uint)_shape.Heads);
        _writer.Add($"{name}.attention.head_count_kv", (uint)_shape.KeyHeads);
        _writer.Add($"{name}.attention.layer_norm_rms_epsilon", 1e-5f);
        _writer.Add($"{name}.vocab_size", (uint)_shape.Vocab);
        PlaceholderVocabulary.AddTo(_writer, _shape.Vocab);
    }

    private void AddTensors()
    {
        int width = _shape.Width;
        AddMatrix("token_embd.weight", _shape.Vocab, width, _shape.TiedHead ? _headType : _type);
        AddVector("output_norm.weight", width, 1);
        if (!_shape.TiedHead) AddMatrix("output.weight", _shape.Vocab, width, _headType);
        for (int layer = 0; layer < _shape.Layers; layer++)
        {
            string prefix = $"blk.{layer}.";
            AddVector(prefix + "attn_norm.weight", width, 1);
            foreach ((string part, int rows) in new[] { ("attn_q", width), ("attn_k", _shape.KeyWidth), ("attn_v", _shape.KeyWidth) })
            {
                AddMatrix($"{prefix}{part}.weight", rows, width, _type);
                if (_shape.Architecture == "qwen2") AddVector($"{prefix}{part}.bias", rows, 0);
            }
            AddMatrix(prefix + "attn_output.weight", width, width, _type);
            AddVector(prefix + "ffn_norm.weight", width, 1);
            AddMatrix(prefix + "ffn_gate.weight", _shape.FeedForward, width, _type);
            AddMatrix(prefix + "ffn_up.weight", _shape.FeedForward, width, _type);
            AddMatrix(prefix + "ffn_down.weight", width, _shape.FeedForward, _type);
        }
    }

    private void AddMatrix(string name, int rows, int columns, TensorType type)
    {
        if (columns % BlockCodec.BlockSize(type) != 0) type = TensorType.Q8_0;
        int start = _started++ * 104_729;
        _writer.AddTensor(name, type, [columns, rows], stream => Rows(type, columns).Write(stream, rows, start));
    }

    private void AddVector(string name, int length, float mean)
    {
        float[] values = new float[length];
        RandomRows.FillNormal(values, new Random(Seed + _started++), 0.05);
        for (int i = 0; i < length; i++) values[i] += mean;
        _writer.AddTensor(name, TensorType.F32, [length], values);
    }

    private RandomRows Rows(TensorType type, int columns)
    {
        if (_rows.TryGetValue((type, columns), out RandomRows? rows)) return rows;
        int largest = columns == _shape.Width ? _shape.Vocab : _shape.Width;
        return _rows[(type, columns)] = new RandomRows(type, columns, largest, Seed + columns);
    }
}
