using static TorchSharp.torch;

namespace Percheron.Training.Nets;

/// <summary>
/// EAGLE: embedding and state pass through one matrix into the layer. With norms of both, and one behind the layer, it is a module for multi-token prediction. Such a module may also begin as a draft
/// model, with its embedding and projection: then the state, through a matrix that begins with zeros, is added to the embedding.
/// </summary>
/// <remarks>Source: EAGLE, arXiv 2401.15077, §4.1; DeepSeek-V3, arXiv 2412.19437, §2.2.</remarks>
public sealed class EagleNet : FeatureNet
{
    private const double FreshFactor = 4;

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

    /// <summary>A module for multi-token prediction that drafts as a draft model does until it has learned to read states.</summary>
    /// <param name="target">The target.</param>
    /// <param name="draft">A draft of one layer, of the target's width and vocabulary; its parameters are copied.</param>
    /// <exception cref="InvalidDataException">It has other sizes.</exception>
    public EagleNet(TargetHead target, LlamaNet draft)
        : base(target, draft.Shape, draft.Compute)
    {
        if (draft.Shape.Layers != 1 || draft.Shape.Width != target.Shape.Width || draft.Shape.Vocab != target.Shape.Vocab)
            throw new InvalidDataException($"The draft has {draft.Shape.Layers} layers of width {draft.Shape.Width} and {draft.Shape.Vocab} tokens; a module that begins as a draft takes one layer of the target's width, {target.Shape.Width}, and its {target.Shape.Vocab} tokens.");
        (Predicts, Adds) = (true, true);
        using IDisposable fixedValues = no_grad();
        Add("fc.weight", zeros(Shape.Width, Shape.Width));
        Add("hnorm.weight", ones(Shape.Width));
        foreach ((string name, Tensor value) in draft.Tensors) Add(name, value.detach().clone());
        Add("output.weight", draft.Tensors["token_embd.weight"].detach().clone());
    }

    private EagleNet(EagleNet original)
        : base(original.Target, original.Shape, original.Compute)
    {
        (Predicts, Adds) = (original.Predicts, original.Adds);
        Share(original);
    }

    /// <summary>Whether it is a module for multi-token prediction.</summary>
    public bool Predicts { get; }

    /// <summary>Whether it began as a draft model: states are added to its own embeddings, which do not change, and its projection is its own.</summary>
    public bool Adds { get; }

    /// <inheritdoc/>
    public override EagleNet Replica() => new(this);

    /// <inheritdoc/>
    public override Tensor Embed(Tensor tokens) => Adds ? Tensors["token_embd.weight"].index_select(0, tokens.reshape(-1)).view([.. tokens.shape, Shape.Width]) : base.Embed(tokens);

    /// <inheritdoc/>
    public override Tensor Logits(Tensor state) => Adds ? nn.functional.linear(state.to(Compute), Weight("output")) : base.Logits(state);

    /// <inheritdoc/>
    /// <remarks>Where all but one matrix was trained before, that one learns faster than the others forget.</remarks>
    public override TensorUpdate UpdateOf(string name) => name switch
    {
        "token_embd.weight" => new TensorUpdate(UpdateRule.Frozen),
        "fc.weight" when Adds => new TensorUpdate(UpdateRule.Muon, FreshFactor),
        _ => base.UpdateOf(name),
    };

    /// <inheritdoc/>
    public override (Tensor Stream, Tensor Attended) Enter(Tensor embeddings, Tensor states, bool own)
    {
        if (Adds)
        {
            Tensor sum = embeddings + nn.functional.linear(Norm(states, "hnorm"), Weight("fc")).to(ScalarType.Float32);
            return (sum, Norm(sum, "blk.0.attn_norm"));
        }
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
