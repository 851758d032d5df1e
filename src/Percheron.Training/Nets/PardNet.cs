using TorchSharp;
using static TorchSharp.torch;

namespace Percheron.Training.Nets;

/// <summary>A small transformer that also answers masks behind a token: what <c>pard</c> drafts with. It is an ordinary draft model with one more embedding.</summary>
/// <remarks>Source: PARD, arXiv 2504.18583.</remarks>
public sealed class PardNet : Net
{
    private readonly Rotary _rotary;
    private readonly LlamaLayer[] _layers;

    /// <param name="shape">Sizes.</param>
    /// <param name="seed">Of fresh parameters.</param>
    /// <param name="compute">Element type of products.</param>
    public PardNet(LlamaShape shape, ulong seed, ScalarType compute)
        : this(shape, compute)
    {
        Fresh(shape.Tensors(), seed, shape.Deviation);
        AddMask(seed);
    }

    /// <summary>Goes on with a trained draft.</summary>
    /// <param name="draft">Its parameters are copied.</param>
    /// <param name="seed">Of the mask.</param>
    public PardNet(LlamaNet draft, ulong seed)
        : this(draft.Shape, draft.Compute)
    {
        using IDisposable fixedValues = no_grad();
        foreach ((string name, Tensor value) in draft.Tensors) Add(name, value.detach().clone());
        AddMask(seed);
    }

    private PardNet(LlamaShape shape, ScalarType compute)
        : base(compute)
    {
        Shape = shape;
        _rotary = new Rotary(shape, compute);
        _layers = [.. Enumerable.Range(0, shape.Layers).Select(i => new LlamaLayer(this, $"blk.{i}.", shape, _rotary))];
    }

    /// <summary>The dimensions.</summary>
    public LlamaShape Shape { get; }

    /// <inheritdoc/>
    public override PardNet Replica()
    {
        var replica = new PardNet(Shape, Compute);
        replica.Share(this);
        return replica;
    }

    /// <summary>Normalised last states [batch, time + masks, width], in the compute type: of tokens, then of masks.</summary>
    /// <param name="tokens">Ids [batch, time].</param>
    /// <param name="positions">Of all rows, int64 [time + masks]: those of the tokens, then those of the masks.</param>
    /// <param name="mask">Added to scores, [batch, 1, time + masks, time + masks] in the compute type.</param>
    public Tensor Hidden(Tensor tokens, Tensor positions, Tensor mask)
    {
        long batch = tokens.shape[0], time = tokens.shape[1], all = positions.shape[0], width = Shape.Width;
        Tensor embedded = Tensors["token_embd.weight"].index_select(0, tokens.reshape(-1)).view(batch, time, width);
        Tensor x = cat([embedded, Tensors["mask_embd.weight"].expand(batch, all - time, width)], 1).reshape(batch * all, width);
        for (int i = 0; i < _layers.Length; i++) x = Layer(i, x, batch, positions, mask);
        return Norm(x, "output_norm").view(batch, all, width);
    }

    /// <summary>Logits, in the compute type, of states.</summary>
    public Tensor Logits(Tensor hidden) => nn.functional.linear(hidden, Weight("token_embd"));

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing) _rotary.Dispose();
    }

    private void AddMask(ulong seed)
    {
        using IDisposable fixedValues = no_grad();
        using var generator = new Generator(seed + 100);
        Add("mask_embd.weight", randn([Shape.Width], generator: generator).mul_(0.02));
    }

    private Tensor Layer(int number, Tensor x, long batch, Tensor positions, Tensor mask)
    {
        using DisposeScope scope = NewDisposeScope();
        string at = $"blk.{number}.";
        long all = positions.shape[0], heads = Shape.Heads, size = Shape.HeadSize;
        (Tensor q, Tensor k, Tensor v) = _layers[number].Project(Norm(x, at + "attn_norm"), batch, positions);
        Tensor scores = bmm(q.transpose(1, 2).reshape(batch * heads, all, size), _layers[number].PerHead(k).transpose(1, 2)).view(batch, heads, all, all) + mask;
        Tensor mixed = bmm(nn.functional.softmax(scores, 3).view(batch * heads, all, all), _layers[number].PerHead(v)).view(batch, heads, all, size);
        x = x + nn.functional.linear(mixed.transpose(1, 2).reshape(batch * all, heads * size), Weight(at + "attn_output"));
        x = x + _layers[number].FeedForward(Norm(x, at + "ffn_norm"));
        return x.MoveToOuterDisposeScope();
    }
}
