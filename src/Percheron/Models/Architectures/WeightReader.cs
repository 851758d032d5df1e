using Percheron.Formats;

namespace Percheron.Models.Architectures;

/// <summary>Finds the tensors of a transformer in a file and checks their shapes and types.</summary>
/// <param name="file">The file.</param>
/// <param name="architecture">What it must hold.</param>
/// <param name="config">Sizes.</param>
/// <param name="beside">Floats that the first layer reads beside the residual stream.</param>
internal sealed class WeightReader(GgufFile file, Architecture architecture, TransformerConfig config, int beside = 0)
{
    /// <exception cref="ModelFormatException">A tensor is missing, of the wrong shape or of a type that is not read; the message names it.</exception>
    public TransformerWeights Read()
    {
        WeightMatrix embedding = Matrix("token_embd.weight", config.Vocab, config.HiddenSize);
        WeightMatrix? positions = config.Rope is null ? Positions() : null;
        return new TransformerWeights(
            file, config, embedding, positions, Layers(), Norm("output_norm"),
            Has("output.weight") ? Projection("output", config.Vocab, config.HiddenSize) : new Projection(embedding, null));
    }

    /// <summary>The layers alone.</summary>
    /// <exception cref="ModelFormatException">As <see cref="Read"/>.</exception>
    public LayerWeights[] Layers()
    {
        // A list, because a file may claim more layers than it holds.
        List<LayerWeights> layers = [];
        for (int layer = 0; layer < config.LayerCount; layer++) layers.Add(Layer($"{architecture.Prefix}blk.{layer}.", config.HiddenSize + (layer == 0 ? beside : 0)));
        return [.. layers];
    }

    private LayerWeights Layer(string prefix, int inputs)
    {
        (Projection query, Projection key, Projection value) = Attention(prefix, inputs);
        bool feeds = !architecture.Partial || Has(prefix + "ffn_down.weight");
        (Projection? gate, Projection? up) = feeds ? FeedForward(prefix) : (null, null);
        return new LayerWeights
        {
            AttentionNorm = architecture.Partial && !Has(prefix + "attn_norm.weight") ? null : Norm(prefix + "attn_norm"),
            Query = query,
            Key = key,
            Value = value,
            QueryNorm = HeadNorm(prefix + "attn_q_norm.weight"),
            KeyNorm = HeadNorm(prefix + "attn_k_norm.weight"),
            Output = Projection(prefix + "attn_output", config.HiddenSize, config.QuerySize, architecture.OtherBias),
            Cross = architecture.Cross ? Cross(prefix) : null,
            FeedForwardNorm = feeds ? Norm(prefix + "ffn_norm") : null,
            Gate = gate,
            Up = up,
            Down = feeds ? Projection(prefix + "ffn_down", config.HiddenSize, config.FeedForwardSize, architecture.OtherBias) : null,
        };
    }

    private (Projection Query, Projection Key, Projection Value) Attention(string prefix, int inputs)
    {
        int query = config.QuerySize, key = config.KeyValueSize;
        if (!Has(prefix + "attn_qkv.weight"))
        {
            return (Projection(prefix + "attn_q", query, inputs, architecture.QkvBias), Projection(prefix + "attn_k", key, inputs, architecture.QkvBias),
                Projection(prefix + "attn_v", key, inputs, architecture.QkvBias));
        }
        Projection all = Projection(prefix + "attn_qkv", query + 2 * key, inputs, architecture.QkvBias);
        return (Slice(all, 0, query), Slice(all, query, key), Slice(all, query + key, key));
    }

    private CrossWeights Cross(string prefix) => new(
        Norm(prefix + "cross_attn_norm"), Projection(prefix + "cross_attn_q", config.QuerySize, config.HiddenSize),
        Projection(prefix + "cross_attn_k", config.KeyValueSize, config.StateSize), Projection(prefix + "cross_attn_v", config.KeyValueSize, config.StateSize),
        Projection(prefix + "cross_attn_output", config.HiddenSize, config.QuerySize));

    private (Projection? Gate, Projection Up) FeedForward(string prefix)
    {
        int size = config.FeedForwardSize;
        if (config.FeedForward != FeedForwardKind.GatedSilu) return (null, Projection(prefix + "ffn_up", size, config.HiddenSize, architecture.OtherBias));
        if (Has(prefix + "ffn_gate.weight") || !Has(prefix + "ffn_up.weight") || file.Tensor(prefix + "ffn_up.weight").Rows != 2L * size)
            return (Projection(prefix + "ffn_gate", size, config.HiddenSize, architecture.OtherBias), Projection(prefix + "ffn_up", size, config.HiddenSize, architecture.OtherBias));
        Projection both = Projection(prefix + "ffn_up", 2 * size, config.HiddenSize, architecture.OtherBias);
        return (Slice(both, 0, size), Slice(both, size, size));
    }

    private WeightMatrix Positions()
    {
        TensorInfo table = file.Tensor("position_embd.weight");
        return Matrix(table.Name, (int)Math.Min(table.Rows, int.MaxValue), config.HiddenSize);
    }

    private static Projection Slice(Projection whole, int from, int count) =>
        new(whole.Matrix.Slice(from, count), whole.Bias is { } bias ? new WeightVector(bias.Values.Slice(from, count)) : null);

    /// <summary>The matrix <c>name.weight</c> with the bias <c>name.bias</c>, if there is one or must be.</summary>
    public Projection Projection(string name, int outputs, int inputs, bool biased = false) => new(
        Matrix(name + ".weight", outputs, inputs),
        biased || Has(name + ".bias") ? Vector(name + ".bias", outputs) : null);

    /// <summary>The norm <c>name.weight</c>, with a bias where the model's norms have one.</summary>
    public Norm Norm(string name) => new(
        Vector(name + ".weight", config.HiddenSize),
        config.Norm == NormKind.Layer ? Vector(name + ".bias", config.HiddenSize) : null);

    private WeightVector? HeadNorm(string name) => architecture.QkNorm || Has(name) ? Vector(name, config.HeadSize) : null;

    /// <summary>Whether there is such a tensor.</summary>
    public bool Has(string name) => file.TryGetTensor(name, out _);

    private unsafe WeightMatrix Matrix(string name, int outputs, int inputs)
    {
        TensorInfo tensor = file.Tensor(name);
        if (tensor.Columns != inputs || tensor.Rows != outputs) throw Shape(tensor, $"[{outputs}, {inputs}]");
        if (!BlockCodec.CanDecode(tensor.Type))
            throw file.Fault(tensor, $"tensor '{name}' is stored as {tensor.Type}, which is not supported; use a file in one of {BlockCodec.Decodable}");
        return new WeightMatrix(tensor.Type, file.Data(tensor), outputs, inputs, tensor.RowBytes);
    }

    private WeightVector Vector(string name, int length)
    {
        TensorInfo tensor = file.Tensor(name);
        if (tensor.Elements != length) throw Shape(tensor, $"[{length}]");
        return new WeightVector(file.ReadFloats(tensor));
    }

    private ModelFormatException Shape(TensorInfo tensor, string wanted) =>
        file.Fault(tensor, $"tensor '{tensor.Name}' has the shape [{string.Join(", ", tensor.Dimensions.Reverse())}] where {wanted} is needed");
}
