using static TorchSharp.torch;

namespace Percheron.Training.Nets;

/// <summary>What stands at an early exit, for training: one decoder layer, or its attention half alone, on the state that leaves the target's first layers; then a norm and the target's projection.</summary>
/// <remarks>The row at position t reads the state of token t and answers about token t + 1.</remarks>
public sealed class ExitNet : Net
{
    private readonly Rotary _rotary;
    private readonly LlamaLayer _layer;

    /// <summary>Fresh parameters.</summary>
    /// <param name="target">Whose projection it borrows; outlives it.</param>
    /// <param name="exit">Layers of the target that run before it.</param>
    /// <param name="inner">Inner size of the feed-forward half; 0 leaves it out.</param>
    /// <param name="seed">Of the parameters.</param>
    public ExitNet(TargetHead target, int exit, int inner, ulong seed)
        : this(target, exit, inner)
    {
        IEnumerable<(string Name, int Rows, int Columns)> tensors = LlamaLayer.Tensors("blk.0.", Shape).Where(tensor => inner > 0 || !tensor.Name.Contains("ffn_", StringComparison.Ordinal));
        Fresh([.. tensors, ("output_norm.weight", Shape.Width, 0)], seed, Shape.Deviation);
        // It begins as an early exit of the target itself: the fresh layer adds little.
        using IDisposable fixedValues = no_grad();
        Tensors["output_norm.weight"].copy_(target.OutputNorm);
    }

    private ExitNet(TargetHead target, int exit, int inner)
        : base(target.Projection.dtype)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(exit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(exit, target.Shape.Layers);
        (Target, Exit, Inner) = (target, exit, inner);
        Shape = target.Shape with { Layers = 1, FeedForward = inner };
        _rotary = new Rotary(Shape, Compute);
        _layer = new LlamaLayer(this, "blk.0.", Shape, _rotary);
    }

    /// <summary>The target.</summary>
    public TargetHead Target { get; }

    /// <summary>Layers of the target that run before it.</summary>
    public int Exit { get; }

    /// <summary>Inner size of the feed-forward half; 0 where there is none.</summary>
    public int Inner { get; }

    /// <summary>The dimensions of the layer.</summary>
    public LlamaShape Shape { get; }

    /// <inheritdoc/>
    public override ExitNet Replica()
    {
        var replica = new ExitNet(Target, Exit, Inner);
        replica.Share(this);
        return replica;
    }

    /// <summary>Logits [batch, time, vocab], in the compute type, of states <see cref="Exit"/> [batch, time, width].</summary>
    /// <param name="state">The target's.</param>
    /// <param name="mask">Added to attention scores, [batch, 1, time, time] in the compute type.</param>
    public Tensor Logits(Tensor state, Tensor mask)
    {
        long batch = state.shape[0], time = state.shape[1];
        Tensor x = state.reshape(batch * time, Shape.Width);
        x = x + _layer.Attention(Norm(x, "blk.0.attn_norm"), batch, time, mask);
        if (Inner > 0) x = x + _layer.FeedForward(Norm(x, "blk.0.ffn_norm"));
        return Target.Logits(Norm(x, "output_norm")).view(batch, time, Shape.Vocab);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing) _rotary.Dispose();
    }
}
