using TorchSharp;
using static TorchSharp.torch;

namespace Percheron.Training.Nets;

/// <summary>
/// The network of a block draft: masks behind a known token see each other and, in every layer, keys and values made of the target's states. With a sequential head each guess is corrected by the token
/// before it and says how far it is to be trusted.
/// </summary>
/// <remarks>Sources: DFlash, arXiv 2602.06036; DSpark, arXiv 2607.05147.</remarks>
public sealed class BlockNet : Net
{
    private readonly Rotary _rotary;
    private readonly LlamaLayer[] _layers;

    /// <param name="target">Whose embedding and projection it borrows; outlives it.</param>
    /// <param name="plan">Sizes.</param>
    /// <param name="seed">Of fresh parameters.</param>
    public BlockNet(TargetHead target, BlockPlan plan, ulong seed)
        : this(target, plan)
    {
        int width = plan.Shape.Width;
        Fresh([("fc.weight", width, plan.States.Count * width), ("fc_norm.weight", width, 0)], seed, plan.Shape.Deviation);
        for (int i = 0; i < plan.Shape.Layers; i++) Fresh(LlamaLayer.Tensors($"blk.{i}.", plan.Shape), seed + (ulong)i + 1, plan.Shape.Deviation);
        using IDisposable fixedValues = no_grad();
        // Vectors learn slowly, and the target's norm says how sure laws are.
        Add("output_norm.weight", target.OutputNorm.clone());
        using var generator = new Generator(seed + 100);
        Add("mask_embd.weight", randn([width], generator: generator).mul_(0.02));
        if (plan.Rank == 0) return;
        Add("markov_in.weight", randn([plan.Shape.Vocab, plan.Rank], generator: generator).mul_(0.1));
        Add("markov_out.weight", zeros(plan.Shape.Vocab, plan.Rank));
        Add("confidence.weight", zeros(1, width));
        Add("confidence_before.weight", zeros(1, plan.Rank));
        Add("confidence.bias", zeros(1));
    }

    private BlockNet(TargetHead target, BlockPlan plan)
        : base(target.Projection.dtype)
    {
        (Target, Plan) = (target, plan);
        _rotary = new Rotary(plan.Shape, Compute);
        _layers = [.. Enumerable.Range(0, plan.Shape.Layers).Select(i => new LlamaLayer(this, $"blk.{i}.", plan.Shape, _rotary))];
        Temperatures = [.. Enumerable.Repeat(1f, plan.Guesses)];
    }

    /// <summary>The target.</summary>
    public TargetHead Target { get; }

    /// <summary>Sizes.</summary>
    public BlockPlan Plan { get; }

    /// <summary>By which the logits of confidences are divided, for each guess; fitted after training.</summary>
    public float[] Temperatures { get; private init; }

    /// <inheritdoc/>
    public override BlockNet Replica()
    {
        var replica = new BlockNet(Target, Plan) { Temperatures = Temperatures };
        replica.Share(this);
        return replica;
    }

    /// <inheritdoc/>
    /// <remarks>The sequential head's matrices are tables of tokens, and what reads confidence is one row.</remarks>
    public override TensorUpdate UpdateOf(string name) => name.StartsWith("markov", StringComparison.Ordinal) || name.StartsWith("confidence", StringComparison.Ordinal) ? new TensorUpdate(UpdateRule.Adam) : base.UpdateOf(name);

    /// <summary>Normalised states [blocks, guesses, width], in the compute type, of all guesses.</summary>
    /// <param name="states">The target's states of <see cref="BlockPlan.States"/>, one behind the other, FP32 [batch, time, states · width].</param>
    /// <param name="blocks">Where blocks stand.</param>
    public Tensor Guesses(Tensor states, BlockPlaces blocks)
    {
        long batch = states.shape[0], time = states.shape[1], width = Plan.Shape.Width;
        Tensor context = Norm(nn.functional.linear(states.to(Compute).view(batch * time, -1), Weight("fc")), "fc_norm");
        Tensor masks = Tensors["mask_embd.weight"].expand(blocks.Count, Plan.Rows - 1, width);
        Tensor x = cat([Target.Embed(blocks.Anchors).view(blocks.Count, 1, width), masks], 1).view(-1, width);
        foreach ((LlamaLayer layer, int number) in _layers.Select((layer, i) => (layer, i))) x = Layer(layer, $"blk.{number}.", x, context, (batch, time), blocks);
        return Norm(x, "output_norm").view(blocks.Count, Plan.Rows, width).narrow(1, Plan.FirstGuess, Plan.Guesses);
    }

    /// <summary>Logits, FP32 [blocks, guesses, vocab], of states that <see cref="Guesses"/> gave, behind the tokens before them [blocks, guesses].</summary>
    public Tensor Logits(Tensor guesses, Tensor before)
    {
        Tensor logits = Target.Logits(guesses);
        if (Plan.Rank > 0) logits = logits + nn.functional.linear(Before(before), Weight("markov_out"));
        return logits.to(ScalarType.Float32);
    }

    /// <summary>Logits of the confidences, FP32 [blocks, guesses].</summary>
    public Tensor Confidences(Tensor guesses, Tensor before) =>
        (guesses.to(ScalarType.Float32) * Tensors["confidence.weight"]).sum(-1) + (Before(before).to(ScalarType.Float32) * Tensors["confidence_before.weight"]).sum(-1) + Tensors["confidence.bias"];

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing) _rotary.Dispose();
    }

    private Tensor Before(Tensor tokens) => Tensors["markov_in.weight"].index_select(0, tokens.reshape(-1)).view([.. tokens.shape, Plan.Rank]).to(Compute);

    private Tensor Layer(LlamaLayer layer, string at, Tensor x, Tensor context, (long Batch, long Time) size, BlockPlaces blocks)
    {
        using DisposeScope scope = NewDisposeScope();
        x = x + nn.functional.linear(Attention(layer, Norm(x, at + "attn_norm"), context, size, blocks), Weight(at + "attn_output"));
        x = x + layer.FeedForward(Norm(x, at + "ffn_norm"));
        return x.MoveToOuterDisposeScope();
    }

    // Every row of a block sees the states before the block and the whole block.
    private Tensor Attention(LlamaLayer layer, Tensor x, Tensor context, (long Batch, long Time) size, BlockPlaces blocks)
    {
        (long batch, long time) = size;
        long heads = Plan.Shape.Heads, head = Plan.Shape.HeadSize, each = blocks.Count / batch, rows = Plan.Rows;
        (_, Tensor k, Tensor v) = layer.Project(context, batch, time, start: 0);
        (Tensor q, Tensor ownK, Tensor ownV) = layer.Project(x, 1, blocks.Positions);
        // [batch · heads, each · rows, head] for states, [batch · heads · each, rows, head] within blocks.
        Tensor Rows(Tensor own) => own.reshape(batch, each * rows, own.shape[2], head);
        q = Rows(q).transpose(1, 2).reshape(batch * heads, each * rows, head);
        (Tensor inK, Tensor inV) = (layer.PerHead(Rows(ownK)), layer.PerHead(Rows(ownV)));
        Tensor far = bmm(q, layer.PerHead(k).transpose(1, 2)).view(batch, heads, each * rows, time) + blocks.Mask.unsqueeze(1);
        Tensor near = bmm(q.reshape(-1, rows, head), inK.reshape(-1, rows, head).transpose(1, 2)).view(batch, heads, each * rows, rows);
        Tensor weights = nn.functional.softmax(cat([far, near], 3), 3).view(batch * heads, each * rows, time + rows);
        Tensor mixed = bmm(weights.narrow(2, 0, time), layer.PerHead(v));
        mixed = mixed + bmm(weights.narrow(2, time, rows).reshape(-1, rows, rows), inV.reshape(-1, rows, head)).view(batch * heads, each * rows, head);
        return mixed.reshape(batch, heads, each * rows, head).transpose(1, 2).reshape(batch * each * rows, heads * head);
    }
}
