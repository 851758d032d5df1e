using Percheron.Training.Export;
using static TorchSharp.torch;

namespace Percheron.Training.Nets;

/// <summary>A target and Medusa heads on it that are trained together: the target changes.</summary>
public sealed class MedusaTargetNet : Net
{
    // The target has been trained before: it follows more slowly than its heads.
    private const double TargetFactor = 0.25;

    private readonly Rotary _rotary;
    private readonly LlamaLayer[] _layers;

    /// <param name="target">Where the target's parameters come from.</param>
    /// <param name="heads">Trained or fresh heads without projections of their own, whose parameters are copied.</param>
    public MedusaTargetNet(TargetHead target, MedusaNet heads)
        : this(target.Shape, heads.Guesses, heads.Blocks, target.Projection.dtype)
    {
        using IDisposable fixedValues = no_grad();
        using LlamaNet model = GgufModel.Read(target.Path, Compute);
        foreach (Net net in (Net[])[model, heads])
            foreach ((string name, Tensor value) in net.Tensors) Add(name, value.detach().clone());
    }

    private MedusaTargetNet(LlamaShape shape, int guesses, int blocks, ScalarType compute)
        : base(compute)
    {
        (Shape, Guesses, Blocks) = (shape, guesses, blocks);
        _rotary = new Rotary(shape, compute);
        _layers = [.. Enumerable.Range(0, shape.Layers).Select(i => new LlamaLayer(this, $"blk.{i}.", shape, _rotary))];
    }

    /// <summary>The target's dimensions.</summary>
    public LlamaShape Shape { get; }

    /// <summary>How many tokens the heads guess.</summary>
    public int Guesses { get; }

    /// <summary>Blocks of each head.</summary>
    public int Blocks { get; }

    /// <summary>Whether a tensor is one of the heads'.</summary>
    public static bool IsHead(string name) => name.StartsWith("head.", StringComparison.Ordinal);

    /// <inheritdoc/>
    public override MedusaTargetNet Replica()
    {
        var replica = new MedusaTargetNet(Shape, Guesses, Blocks, Compute);
        replica.Share(this);
        return replica;
    }

    /// <inheritdoc/>
    public override TensorUpdate UpdateOf(string name) => base.UpdateOf(name) with { Factor = IsHead(name) ? 1 : TargetFactor };

    /// <summary>What leaves the output norm, in the compute type [batch, time, width].</summary>
    public Tensor Hidden(Tensor tokens, Tensor mask)
    {
        long batch = tokens.shape[0], time = tokens.shape[1];
        Tensor x = Tensors["token_embd.weight"].index_select(0, tokens.reshape(-1));
        foreach (LlamaLayer layer in _layers) x = layer.Forward(x, batch, time, mask);
        return Norm(x, "output_norm").view(batch, time, Shape.Width);
    }

    /// <summary>Logits of states, in the compute type; the target's own where <paramref name="head"/> is −1.</summary>
    public Tensor Logits(Tensor hidden, int head)
    {
        Tensor x = head < 0 ? hidden : nn.functional.linear(MedusaNet.Head(this, hidden.to(ScalarType.Float32), head, Blocks).to(Compute), Weight($"head.{head}.proj_a"));
        return nn.functional.linear(x.to(Compute), Weight("token_embd"));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing) _rotary.Dispose();
    }
}
