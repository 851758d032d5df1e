using static TorchSharp.torch;

namespace Percheron.Training.Nets;

/// <summary>EAGLE-3: states of several depths joined by one matrix are the residual stream, the embedding stands beside it, and a vocabulary projection of its own holds the frequent tokens.</summary>
/// <remarks>Source: EAGLE-3, arXiv 2503.01840, §3.1.</remarks>
public sealed class Eagle3Net : FeatureNet
{
    /// <summary>Fresh parameters; the projection begins as the target's rows.</summary>
    /// <param name="target">The target.</param>
    /// <param name="shape">The layer.</param>
    /// <param name="states">States of the target that it reads.</param>
    /// <param name="tokens">The target's tokens that it knows.</param>
    /// <param name="seed">Seed of the parameters.</param>
    /// <param name="compute">Element type of products.</param>
    public Eagle3Net(TargetHead target, LlamaShape shape, int states, int[] tokens, ulong seed, ScalarType compute)
        : base(target, shape, compute)
    {
        Tokens = tokens;
        Known = tensor(Array.ConvertAll(tokens, token => (long)token)).DetachFromDisposeScope();
        int width = shape.Width;
        Fresh(
            [("fc.weight", width, states * width), ("enorm.weight", width, 0), .. LlamaLayer.Tensors("blk.0.", shape, 2 * width), ("output_norm.weight", width, 0)], seed,
            name => name == "fc.weight" ? 1 / Math.Sqrt((double)states * width) : shape.Deviation(name));
        BeginAsTarget();
        using IDisposable fixedValues = no_grad();
        Add("output.weight", target.Projection.index_select(0, Known).to(ScalarType.Float32));
    }

    private Eagle3Net(Eagle3Net original)
        : base(original.Target, original.Shape, original.Compute)
    {
        (Tokens, Known) = (original.Tokens, original.Known.alias().DetachFromDisposeScope());
        Share(original);
    }

    /// <summary>The target's tokens that it knows.</summary>
    public IReadOnlyList<int> Tokens { get; }

    /// <summary>The same as a tensor, int64; owned by the network.</summary>
    public Tensor Known { get; }

    /// <inheritdoc/>
    public override Eagle3Net Replica() => new(this);

    /// <inheritdoc/>
    public override (Tensor Stream, Tensor Attended) Enter(Tensor embeddings, Tensor states, bool own)
    {
        Tensor stream = own ? states : nn.functional.linear(states.to(Compute), Weight("fc")).to(ScalarType.Float32);
        return (stream, cat([Norm(embeddings, "enorm"), Norm(stream, "blk.0.attn_norm")], 1));
    }

    /// <inheritdoc/>
    public override Tensor Leave(Tensor stream) => stream;

    /// <summary>Logits, in the compute type, of the tokens that it knows [rows, known].</summary>
    public override Tensor Logits(Tensor state) => nn.functional.linear(Norm(state, "output_norm"), Weight("output"));

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing) Known.Dispose();
    }
}
