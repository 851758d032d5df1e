using Percheron.Formats;
using Percheron.Kernels;

namespace Percheron.Codecs.Networks;

/// <summary>A small network read from a file that describes it, run on the library's kernels in single precision. Not safe for several threads at once.</summary>
/// <remarks>
/// Activations lie [height, width, channels]. Results have the same bits for any number of threads, and for any instruction set. Everything is made when the network is read: a run makes nothing.
/// </remarks>
public sealed class LayerStack
{
    private const float NormEpsilon = 1e-5f, UnitEpsilon = 1e-12f;

    private readonly LayerWeights[] _weights;
    private readonly ThreadTeam? _team;
    private readonly Product _product = new();
    private readonly float[] _framed, _scratch;
    private readonly float[][] _kept;
    private float[] _now, _next;

    /// <param name="file">The file; it may be closed afterwards.</param>
    /// <param name="name">Which of its networks.</param>
    /// <param name="team">Who shares the work; null for the calling thread alone. Not owned.</param>
    /// <exception cref="ModelFormatException">The file is damaged, or describes no such network.</exception>
    public LayerStack(GgufFile file, string name, ThreadTeam? team = null)
    {
        Plan = LayerPlan.Read(file, name);
        // Tensors first: a description that claims much and has no weights for it ends here.
        _weights = LayerWeights.Read(file, Plan);
        _team = team;
        long most = Plan.Steps.Max(step => Math.Max(step.Input.Count, step.Output.Count)), framed = Plan.Steps.Where(step => step.Layer.Padding != (0, 0)).Select(Framed).DefaultIfEmpty(0).Max();
        if (framed > LayerPlan.MostActivations) throw new ModelFormatException(file.Path, 0, $"the network '{name}' stands an input in a frame too large to be possible");
        (_now, _next, _framed) = (new float[most], new float[most], new float[framed]);
        _scratch = new float[GroupNorm.ScratchLength(Plan.Steps.Max(step => step.Input.Channels))];
        long[] kept = new long[LayerPlan.Deepest];
        int depth = 0;
        foreach (LayerStep step in Plan.Steps)
        {
            if (step.Layer.Kind == LayerKind.End) depth--;
            if (step.Layer.Kind == LayerKind.Residual) kept[depth] = Math.Max(kept[depth++], step.Input.Count);
        }
        _kept = [.. kept.Select(count => new float[count])];
    }

    /// <summary>What the network is.</summary>
    public LayerPlan Plan { get; }

    /// <summary>What comes out where the input has this width.</summary>
    /// <exception cref="ArgumentException">The network does not take that width.</exception>
    public LayerShape OutputOf(int width)
    {
        LayerShape shape = Plan.Input with { Width = width };
        if (width < 1 || width > Plan.Input.Width) throw Width(width);
        for (int i = 0; i < Plan.Steps.Count; i++)
        {
            LayerStep step = Plan.Steps[i];
            // Only what was flattened has channels that depend on the width.
            if (step.Input.Channels != shape.Channels) throw Width(width);
            try
            {
                shape = step.Layer.After(shape);
            }
            catch (FormatException)
            {
                throw Width(width);
            }
        }
        return shape;
    }

    /// <summary>Runs the network on activations.</summary>
    /// <param name="input">[height, width, channels]; the width follows from the length and may be less than the plan's.</param>
    /// <param name="output">At least what <see cref="OutputOf"/> says, [height, width, channels].</param>
    /// <returns>The shape of the output.</returns>
    /// <exception cref="ArgumentException">A length is not possible, or the network begins with ids.</exception>
    public LayerShape Run(ReadOnlySpan<float> input, Span<float> output)
    {
        int column = Plan.Input.Channels * Plan.Input.Height;
        if (IsOfIds) throw new ArgumentException($"The network '{Plan.Name}' takes ids, not activations.", nameof(input));
        if (input.Length % column != 0) throw Width(input.Length / column);
        LayerShape expected = Expect(input.Length / column, output);
        input.CopyTo(_now);
        Layers(0, Plan.Input with { Width = input.Length / column });
        _now.AsSpan(0, (int)expected.Count).CopyTo(output);
        return expected;
    }

    /// <summary>Runs a network that begins with an embedding.</summary>
    /// <param name="ids">The ids, as many as the plan's width or fewer.</param>
    /// <param name="output">At least what <see cref="OutputOf"/> says, [height, width, channels].</param>
    /// <returns>The shape of the output.</returns>
    /// <exception cref="ArgumentException">There are too many ids or an unknown one, or the network takes activations.</exception>
    public LayerShape Run(ReadOnlySpan<int> ids, Span<float> output)
    {
        if (!IsOfIds) throw new ArgumentException($"The network '{Plan.Name}' takes activations, not ids.", nameof(ids));
        LayerShape expected = Expect(ids.Length, output);
        LayerDescription first = Plan.Steps[0].Layer;
        for (int i = 0; i < ids.Length; i++)
        {
            if ((uint)ids[i] >= (uint)first.Tokens) throw new ArgumentException($"The network '{Plan.Name}' knows {first.Tokens} ids; {ids[i]} is none.", nameof(ids));
            _weights[0].Weight.AsSpan(ids[i] * first.Size, first.Size).CopyTo(_now.AsSpan(i * first.Size));
        }
        Layers(1, new LayerShape(first.Size, 1, ids.Length));
        _now.AsSpan(0, (int)expected.Count).CopyTo(output);
        return expected;
    }

    private bool IsOfIds => Plan.Steps[0].Layer.Kind == LayerKind.Embedding;

    private LayerShape Expect(int width, Span<float> output)
    {
        LayerShape expected = OutputOf(width);
        return output.Length >= expected.Count ? expected : throw new ArgumentException($"The output of '{Plan.Name}' has {expected.Count} floats; there is room for {output.Length}.", nameof(output));
    }

    private ArgumentException Width(int width) => new($"The network '{Plan.Name}' does not take an input {width} wide; it was made for {Plan.Input}.");

    private static long Framed(LayerStep step) => Framed(step.Layer, step.Input);

    private static long Framed(LayerDescription layer, LayerShape input) => (input.Height + (2L * layer.Padding.Down)) * (input.Width + (2L * layer.Padding.Across)) * input.Channels;

    private void Layers(int from, LayerShape shape)
    {
        int depth = 0;
        for (int i = from; i < Plan.Steps.Count; i++)
        {
            LayerStep step = Plan.Steps[i];
            LayerShape after = step.Layer.After(shape);
            if (step.Layer.Kind == LayerKind.Residual) _now.AsSpan(0, (int)shape.Count).CopyTo(_kept[depth++]);
            else if (step.Layer.Kind == LayerKind.End) Activation.Add(_now.AsSpan(0, (int)shape.Count), _kept[--depth].AsSpan(0, (int)shape.Count));
            else Layer(step.Layer, _weights[i], shape, after);
            shape = after;
        }
    }

    private void Layer(LayerDescription layer, LayerWeights weights, LayerShape shape, LayerShape after)
    {
        Span<float> now = _now.AsSpan(0, (int)shape.Count), next = _next.AsSpan(0, (int)after.Count);
        switch (layer.Kind)
        {
            case LayerKind.Conv or LayerKind.Linear: Multiply(layer, weights, shape, after); break;
            case LayerKind.Relu: Activation.Relu(now); return;
            case LayerKind.Silu: Activation.Silu(now); return;
            case LayerKind.Gelu: Activation.Gelu(now); return;
            case LayerKind.Sigmoid: Activation.Sigmoid(now); return;
            case LayerKind.GroupNorm: GroupNorm.Apply(now, weights.Weight, weights.Bias, layer.Size, NormEpsilon, _scratch); return;
            case LayerKind.Unit: Positions.Unit(now, shape.Channels, UnitEpsilon); return;
            case LayerKind.Upsample: Positions.Upsample(now, shape, layer.Kernel, next); break;
            case LayerKind.Shuffle: Positions.Shuffle(now, shape, layer.Kernel, next); break;
            case LayerKind.Pool: Positions.Pool(now, shape.Channels, next); break;
            // Flattened activations already lie in order.
            default: return;
        }
        (_now, _next) = (_next, _now);
    }

    private void Multiply(LayerDescription layer, LayerWeights weights, LayerShape shape, LayerShape after)
    {
        float[] input = _now;
        if (layer.Padding != (0, 0))
        {
            Positions.Frame(_now, shape, layer.Padding, _framed);
            input = _framed;
        }
        _product.Set(LayerWeights.Shape(layer, shape, after), input, weights, _next);
        if (_team is null) _product.Execute(0, 1, 0);
        else _team.Run(_product);
    }

    private sealed class Product : IWork
    {
        private ConvolutionShape _shape;
        private float[] _input = [], _output = [];
        private LayerWeights? _weights;

        public void Set(in ConvolutionShape shape, float[] input, LayerWeights weights, float[] output) => (_shape, _input, _weights, _output) = (shape, input, weights, output);

        public void Execute(int part, int parts, int thread)
        {
            long all = Convolution.Parts(_shape);
            Convolution.Apply(_shape, _input, _weights!.Weight, _weights.Bias, _output, (int)(all * part / parts), (int)(all * (part + 1) / parts));
        }
    }
}
