using static TorchSharp.torch;

namespace Percheron.Training.Nets;

/// <summary>EAGLE: embedding and state pass through one matrix into the layer. With norms of both, and one behind the layer, it is a module for multi-token prediction.</summary>
/// <remarks>Source: EAGLE, arXiv 2401.15077, §4.1; DeepSeek-V3, arXiv 2412.19437, §2.2.</remarks>
public sealed class EagleNet : FeatureNet
{
    /// <summary>Fresh parameters.</summary>
    /// <param name="target">The target.</param>
    /// <param name="shape">The layer.</param>
    /// <param name="predicts">Whether it is a module for multi-token prediction.</param>
    /// <param name="seed">Seed of the parameters.</param>
    /// <param name="compute">Element type of products.</param>
    public EagleNet(TargetHead target, LlamaShape shape, bool predicts, ulong seed, ScalarType compute)
        : base(target, shape, compute)
    {
        Predicts = predicts;
        Fresh(Sizes(shape, predicts), seed, name => name == "fc.weight" ? 1 / Math.Sqrt(2.0 * shape.Width) : shape.Deviation(name));
        if (predicts) BeginAsTarget();
    }

    private EagleNet(EagleNet original)
        : base(original.Target, original.Shape, original.Compute)
    {
        Predicts = original.Predicts;
        Share(original);
    }

    /// <summary>Whether it is a module for multi-token prediction.</summary>
    public bool Predicts { get; }

    /// <inheritdoc/>
    public override EagleNet Replica() => new(this);

    /// <inheritdoc/>
    public override (Tensor Stream, Tensor Attended) Enter(Tensor embeddings, Tensor states, bool own)
    {
        Tensor both = Predicts ? cat([Norm(embeddings, "enorm"), Norm(states, "hnorm")], 1) : cat([embeddings, states], 1).to(Compute);
        Tensor stream = nn.functional.linear(both, Weight("fc"));
        return (stream.to(ScalarType.Float32), Predicts ? Norm(stream.to(ScalarType.Float32), "blk.0.attn_norm") : stream);
    }

    /// <inheritdoc/>
    public override Tensor Leave(Tensor stream) => Predicts ? Norm(stream, "output_norm") : stream;

    private static IEnumerable<(string Name, int Rows, int Columns)> Sizes(LlamaShape shape, bool predicts)
    {
        yield return ("fc.weight", shape.Width, 2 * shape.Width);
        if (predicts)
        {
            yield return ("enorm.weight", shape.Width, 0);
            yield return ("hnorm.weight", shape.Width, 0);
            yield return ("output_norm.weight", shape.Width, 0);
        }
        foreach ((string Name, int Rows, int Columns) tensor in LlamaLayer.Tensors("blk.0.", shape))
            if (predicts || tensor.Name != "blk.0.attn_norm.weight") yield return tensor;
    }
}
