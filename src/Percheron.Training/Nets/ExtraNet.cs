using Percheron.Training.Export;
using TorchSharp;
using static TorchSharp.torch;

namespace Percheron.Training.Nets;

/// <summary>Learned inputs of a frozen target: look-ahead or mask tokens. Nothing but their embeddings is trained.</summary>
public sealed class ExtraNet : Net
{
    private const string Name = "extra.weight";

    private readonly LlamaNet _model;
    private readonly bool _owns;

    /// <summary>Fresh inputs: the mean of the target's embeddings, and a little of each one's own.</summary>
    /// <param name="target">The target, whose file is read whole.</param>
    /// <param name="count">How many inputs.</param>
    /// <param name="seed">Of the parameters.</param>
    public ExtraNet(TargetHead target, int count, ulong seed)
        : this(Read(target), owns: true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, 32);
        using DisposeScope scope = NewDisposeScope();
        using IDisposable fixedValues = no_grad();
        using var generator = new Generator(seed);
        Tensor table = _model.Tensors["token_embd.weight"];
        Add(Name, table.mean([0], keepdim: true) + (table.std().mul(0.5) * randn([count, _model.Shape.Width], generator: generator)));
    }

    private ExtraNet(LlamaNet model, bool owns)
        : base(model.Compute) => (_model, _owns) = (model, owns);

    /// <summary>How many inputs there are.</summary>
    public int Count => (int)Tensors[Name].shape[0];

    /// <inheritdoc/>
    public override ExtraNet Replica()
    {
        var replica = new ExtraNet(_model, owns: false);
        replica.Share(this);
        return replica;
    }

    /// <inheritdoc/>
    public override TensorUpdate UpdateOf(string name) => new(UpdateRule.Adam);

    /// <summary>Logits [batch, count, vocab], in the compute type, of all inputs, behind tokens [batch, time].</summary>
    public Tensor Logits(Tensor tokens)
    {
        long batch = tokens.shape[0], time = tokens.shape[1], width = _model.Shape.Width;
        Tensor extra = Tensors[Name].unsqueeze(0).expand(batch, Count, width);
        Tensor x = cat([_model.Embed(tokens).view(batch, time, width), extra], 1).view(batch * (time + Count), width);
        Tensor hidden = _model.Stream(x, batch, time + Count, 0, _model.Shape.Layers).view(batch, time + Count, width).narrow(1, time, Count);
        return _model.Logits(_model.Norm(hidden, "output_norm"));
    }

    /// <summary>The target's own log-probabilities, FP32 [batch, time, vocab], behind tokens [batch, time].</summary>
    public Tensor Law(Tensor tokens)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable fixedValues = no_grad();
        Tensor logits = _model.Logits(_model.Hidden(tokens)).view(tokens.shape[0], tokens.shape[1], _model.Shape.Vocab);
        return nn.functional.log_softmax(logits.to(ScalarType.Float32), -1).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing && _owns) _model.Dispose();
    }

    private static LlamaNet Read(TargetHead target)
    {
        LlamaNet model = GgufModel.Read(target.Path, target.Projection.dtype);
        foreach (Tensor tensor in model.Tensors.Values) tensor.requires_grad_(false);
        return model;
    }
}
