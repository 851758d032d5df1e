using Percheron.Codecs.Networks;
using static TorchSharp.torch;

namespace Percheron.Training.Nets;

/// <summary>Small networks that a file describes (<see cref="LayerPlan"/>), to be trained; the library runs what is exported. Matrices and further tensors have the names they have there.</summary>
public sealed class StackNet : Net
{
    private const double NormEpsilon = 1e-5, UnitEpsilon = 1e-12;

    private readonly Dictionary<string, LayerPlan> _plans;
    private readonly HashSet<string> _tables;

    /// <param name="plans">The networks.</param>
    /// <param name="tables">Further matrices, such as a codebook; normal with deviation 1.</param>
    /// <param name="seed">Seed of fresh values.</param>
    /// <param name="compute">Type of the products.</param>
    public StackNet(IReadOnlyList<LayerPlan> plans, IReadOnlyList<(string Name, int Rows, int Columns)> tables, ulong seed, ScalarType compute = ScalarType.Float32)
        : this(plans, tables.Select(table => table.Name), compute)
    {
        using IDisposable fixedValues = no_grad();
        using var generator = new Generator(seed);
        foreach (LayerPlan plan in plans)
        {
            HashSet<string> embeddings = [.. plan.Steps.Where(step => step.Layer.Kind == LayerKind.Embedding).Select(plan.Weight)];
            foreach ((string name, int rows, int columns) in plan.Tensors())
            {
                // Variance is kept where half of the activations are cut off. A vector is a norm's weight, or a bias.
                double deviation = embeddings.Contains(name) ? 1 : Math.Sqrt(1.5 / Math.Max(1, columns));
                Add(name, columns > 0 ? randn([rows, columns], generator: generator).mul_(deviation) : name.EndsWith(".weight", StringComparison.Ordinal) ? ones(rows) : zeros(rows));
            }
        }
        foreach ((string name, int rows, int columns) in tables) Add(name, randn([rows, columns], generator: generator));
    }

    private StackNet(IEnumerable<LayerPlan> plans, IEnumerable<string> tables, ScalarType compute)
        : base(compute)
    {
        _plans = plans.ToDictionary(plan => plan.Name);
        _tables = [.. tables, .. _plans.Values.SelectMany(plan => plan.Steps.Where(step => step.Layer.Kind == LayerKind.Embedding).Select(plan.Weight))];
    }

    /// <summary>The networks.</summary>
    public IReadOnlyCollection<LayerPlan> Plans => _plans.Values;

    /// <inheritdoc/>
    public override StackNet Replica()
    {
        var replica = new StackNet(_plans.Values, _tables, Compute);
        replica.Share(this);
        return replica;
    }

    /// <inheritdoc/>
    public override TensorUpdate UpdateOf(string name) => _tables.Contains(name) ? new(UpdateRule.Adam) : base.UpdateOf(name);

    /// <summary>Runs a network on activations [batch, channels, height, width], or on ids int64 [batch, length] where it begins with an embedding.</summary>
    /// <returns>FP32 [batch, channels, height, width].</returns>
    public Tensor Forward(string plan, Tensor x)
    {
        LayerPlan layers = _plans[plan];
        var kept = new Stack<Tensor>();
        foreach (LayerStep step in layers.Steps)
        {
            if (step.Layer.Kind == LayerKind.Residual) kept.Push(x);
            else x = step.Layer.Kind == LayerKind.End ? x + kept.Pop() : Layer(layers, step, x);
        }
        return x.to(ScalarType.Float32);
    }

    private Tensor Layer(LayerPlan plan, LayerStep step, Tensor x)
    {
        LayerDescription layer = step.Layer;
        switch (layer.Kind)
        {
            case LayerKind.Conv or LayerKind.Linear: return Product(plan, step, x);
            case LayerKind.Embedding: return Tensors[plan.Weight(step)][x].transpose(1, 2).unsqueeze(2);
            case LayerKind.Relu: return nn.functional.relu(x);
            case LayerKind.Silu: return nn.functional.silu(x);
            case LayerKind.Gelu: return nn.functional.gelu(x);
            case LayerKind.Sigmoid: return x.sigmoid();
            case LayerKind.GroupNorm: return nn.functional.group_norm(x.to(ScalarType.Float32), layer.Size, Tensors[plan.Weight(step)], Tensors[plan.Bias(step)], NormEpsilon);
            case LayerKind.Unit: return x.to(ScalarType.Float32) is var wide ? wide / wide.square().sum(1, keepdim: true).sqrt().clamp_min(UnitEpsilon) : x;
            case LayerKind.Upsample: return x.repeat_interleave(layer.Kernel.Down, 2).repeat_interleave(layer.Kernel.Across, 3);
            case LayerKind.Shuffle: return Shuffle(x, layer.Kernel);
            case LayerKind.Pool: return x.mean([2, 3], keepdim: true);
            case LayerKind.Flatten: return x.permute(0, 2, 3, 1).reshape(x.shape[0], -1, 1, 1);
            default: throw new InvalidOperationException($"A network has no layer '{layer}'.");
        }
    }

    // The file keeps a kernel with channels running fastest.
    private Tensor Product(LayerPlan plan, LayerStep step, Tensor x)
    {
        LayerDescription layer = step.Layer;
        Tensor weight = Tensors[plan.Weight(step)].view(layer.Size, layer.Kernel.Down, layer.Kernel.Across, -1).permute(0, 3, 1, 2).to(Compute);
        return nn.functional.conv2d(x.to(Compute), weight, Tensors[plan.Bias(step)].to(Compute), [layer.Stride.Down, layer.Stride.Across], [layer.Padding.Down, layer.Padding.Across], [layer.Dilation, layer.Dilation]);
    }

    private static Tensor Shuffle(Tensor x, (int Down, int Across) by)
    {
        long[] shape = x.shape;
        return x.view(shape[0], -1, by.Down, by.Across, shape[2], shape[3]).permute(0, 1, 4, 2, 5, 3).reshape(shape[0], -1, shape[2] * by.Down, shape[3] * by.Across);
    }
}
