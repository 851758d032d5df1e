using static TorchSharp.torch;

namespace Percheron.Training.Nets;

/// <summary>
/// The network of a drafter that goes on with its target's hidden states: one decoder layer reads a token and the state before it, and what leaves it stands for the target's state at the token. Derived
/// networks say how the two are joined.
/// </summary>
/// <remarks>The row at position t reads token t and state t − 1, as the runtime's <see cref="Percheron.Models.Heads.IHead"/> does.</remarks>
public abstract class FeatureNet : Net
{
    private readonly Rotary _rotary;

    /// <param name="target">Whose embedding and projection it borrows; outlives it.</param>
    /// <param name="shape">Its layer.</param>
    /// <param name="compute">Element type of products.</param>
    protected FeatureNet(TargetHead target, LlamaShape shape, ScalarType compute)
        : base(compute)
    {
        (Target, Shape) = (target, shape);
        _rotary = new Rotary(shape, compute);
        Layer = new LlamaLayer(this, "blk.0.", shape, _rotary);
    }

    /// <summary>The target.</summary>
    public TargetHead Target { get; }

    /// <summary>The dimensions of the layer.</summary>
    public LlamaShape Shape { get; }

    /// <summary>The layer.</summary>
    protected internal LlamaLayer Layer { get; }

    /// <summary>
    /// The residual stream [rows, width] and what attention reads of it [rows, inputs] in the compute type, of embeddings and states [rows, any]; <paramref name="own"/> says that the states are the network's own.
    /// </summary>
    public abstract (Tensor Stream, Tensor Attended) Enter(Tensor embeddings, Tensor states, bool own);

    /// <summary>Embeddings of tokens of any shape, FP32 [..., width]: the target's unless the network says otherwise.</summary>
    public virtual Tensor Embed(Tensor tokens) => Target.Embed(tokens);

    /// <summary>The state [rows, width] that later rows go on with, of what leaves the layer.</summary>
    public abstract Tensor Leave(Tensor stream);

    /// <summary>Logits, in the compute type, of states that <see cref="Leave"/> gave [rows, width]: of all the target's tokens unless the network says otherwise.</summary>
    public virtual Tensor Logits(Tensor state) => Target.Logits(state);

    /// <summary>Updates as usual, but for a vocabulary projection, which learns as an embedding does.</summary>
    public override TensorUpdate UpdateOf(string name) => name == "output.weight" ? new TensorUpdate(UpdateRule.Adam) : base.UpdateOf(name);

    /// <summary>Lets the norm before the vocabulary projection begin as the target's: it sets how sure laws are, and vectors change slowly.</summary>
    protected void BeginAsTarget()
    {
        using IDisposable fixedValues = no_grad();
        Tensors["output_norm.weight"].copy_(Target.OutputNorm);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing) _rotary.Dispose();
    }
}
