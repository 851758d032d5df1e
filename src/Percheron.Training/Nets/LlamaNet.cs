using TorchSharp;
using static TorchSharp.torch;

namespace Percheron.Training.Nets;

/// <summary>A Llama-architecture network for training: RMS norm, rotary positions on adjacent pairs, grouped queries, SwiGLU, head tied to the embedding.</summary>
public sealed class LlamaNet : Net
{
    private readonly Rotary _rotary;
    private readonly LlamaLayer[] _layers;

    /// <summary>Fresh parameters: normal with standard deviation 0.02 (residual outputs divided by √(2·layers)), norms one.</summary>
    public LlamaNet(LlamaShape shape, ulong seed, ScalarType compute)
        : this(shape, compute) => Fresh(shape.Tensors(), seed, shape.Deviation);

    private LlamaNet(LlamaShape shape, ScalarType compute)
        : base(compute)
    {
        Shape = shape;
        _rotary = new Rotary(shape, compute);
        _layers = [.. Enumerable.Range(0, shape.Layers).Select(i => new LlamaLayer(this, $"blk.{i}.", shape, _rotary))];
    }

    /// <summary>The dimensions.</summary>
    public LlamaShape Shape { get; }

    /// <summary>Begins as a draft of a target: with its embedding, final norm and first attention, for both read the same tokens and answer in the same space. A target of another width or other heads gives nothing.</summary>
    public void Inherit(LlamaNet target)
    {
        using IDisposable fixedValues = no_grad();
        foreach (string name in (string[])["token_embd.weight", "output_norm.weight", "blk.0.attn_norm.weight", "blk.0.attn_q.weight", "blk.0.attn_k.weight", "blk.0.attn_v.weight"])
            if (Tensors[name].shape.SequenceEqual(target.Tensors[name].shape)) Tensors[name].copy_(target.Tensors[name]);
    }

    /// <inheritdoc/>
    public override LlamaNet Replica()
    {
        var replica = new LlamaNet(Shape, Compute);
        replica.Share(this);
        return replica;
    }

    /// <summary>A network with the parameters as they are now, for reading only: what products need is converted and joined once.</summary>
    public LlamaNet Frozen()
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable fixedValues = no_grad();
        var frozen = new LlamaNet(Shape, Compute);
        frozen.Share(this);
        foreach (Tensor tensor in frozen.Tensors.Values) tensor.requires_grad_(false);
        frozen.Prepare("token_embd", Weight("token_embd"));
        foreach (LlamaLayer layer in _layers)
            foreach ((string name, Tensor weight) in layer.Joined()) frozen.Prepare(name, weight);
        return frozen;
    }

    /// <summary>
    /// Normalised last hidden states [batch · time, width], in the compute type, of tokens [batch, time] at positions 0, 1, …
    /// </summary>
    /// <param name="tokens">Ids [batch, time].</param>
    /// <param name="mask">Added to attention scores, [batch, 1, time, time] in the compute type; null: every earlier position is seen.</param>
    public Tensor Hidden(Tensor tokens, Tensor? mask = null) => Norm(Stream(Embed(tokens), tokens.shape[0], tokens.shape[1], 0, Shape.Layers, mask), "output_norm");

    /// <summary>Embeddings of tokens [batch, time] as a residual stream [batch · time, width].</summary>
    public Tensor Embed(Tensor tokens) => Tensors["token_embd.weight"].index_select(0, tokens.reshape(-1));

    /// <summary>The residual stream [batch · time, width] that enters layer <paramref name="to"/>, of the one that enters layer <paramref name="from"/>: state <paramref name="to"/> of state <paramref name="from"/>.</summary>
    public Tensor Stream(Tensor x, long batch, long time, int from, int to, Tensor? mask = null)
    {
        for (int i = from; i < to; i++) x = _layers[i].Forward(x, batch, time, mask ?? _rotary.Causal);
        return x;
    }

    /// <summary>Logits [rows, vocab], in the compute type, of hidden states [rows, width].</summary>
    public Tensor Logits(Tensor hidden) => nn.functional.linear(hidden, Weight("token_embd"));

    /// <summary>Layer <paramref name="i"/>, for a forward pass of another order.</summary>
    public LlamaLayer Layer(int i) => _layers[i];

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing) _rotary.Dispose();
    }

    /// <summary>Added to the scores of all positions [1, 1, context] at one position: those after it are hidden.</summary>
    internal Tensor Seen(long position) => _rotary.Causal.select(1, 0).narrow(1, position, 1);
}
