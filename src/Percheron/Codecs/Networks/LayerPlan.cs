using Percheron.Formats;

namespace Percheron.Codecs.Networks;

/// <summary>
/// A small network as its file describes it: the shape that goes in and its layers in order. Files hold it as <c>percheron.stack.NAME.input</c> [channels, height, width] and
/// <c>percheron.stack.NAME.layers</c>, one string a layer; training builds its network from the same plan.
/// </summary>
/// <remarks>
/// Layer i has the tensors <c>NAME.i.weight</c> and <c>NAME.i.bias</c>: of a product a matrix [outputs, kernel rows · kernel columns · inputs] with channels running fastest, and a bias for each output;
/// of a norm a weight and a bias for each channel; of an embedding a matrix [tokens, channels].
/// </remarks>
public sealed class LayerPlan
{
    /// <summary>Most floats between two layers.</summary>
    public const int MostActivations = 1 << 23;

    /// <summary>Most residual parts within one another.</summary>
    public const int Deepest = 8;

    private const int MostLayers = 512;
    private const long MostWeights = 1 << 26;

    /// <param name="name">Begins the names of its tensors.</param>
    /// <param name="input">The largest input; an input may be narrower where no layer needs its whole width.</param>
    /// <param name="layers">A description for each layer.</param>
    /// <exception cref="FormatException">A layer is not described, or cannot take what the one before makes.</exception>
    public LayerPlan(string name, LayerShape input, IReadOnlyList<string> layers)
    {
        (Name, Input, Layers) = (name, input, layers);
        if (layers.Count is 0 or > MostLayers) throw new FormatException($"a network of {layers.Count} layers is not possible");
        if (input.Channels is < 1 or > 1 << 16 || input.Height is < 1 or > 1 << 16 || input.Width is < 1 or > 1 << 20 || input.Count > MostActivations) throw new FormatException($"an input of {input} is not possible");
        var steps = new LayerStep[layers.Count];
        var open = new Stack<LayerShape>();
        LayerShape shape = input;
        for (int i = 0; i < steps.Length; i++)
        {
            LayerDescription layer = LayerDescription.Parse(layers[i]);
            if (layer.Kind == LayerKind.Embedding && (i > 0 || input is not { Channels: 1, Height: 1 })) throw new FormatException($"layer {i}: an embedding is the first layer, of an input [1, 1, length]");
            LayerShape after = layer.After(shape);
            steps[i] = new LayerStep(layer, i, shape, after);
            if (Rounded(steps[i]) * steps[i].Columns > MostWeights) throw new FormatException($"layer {i}, '{layer}', is too large");
            shape = after;
            if (layer.Kind == LayerKind.Residual) open.Push(shape);
            if (layer.Kind == LayerKind.End && (!open.TryPop(out LayerShape begun) || begun != shape)) throw new FormatException($"layer {i}: what is added to a residual part's input has not its shape, or no such part is open");
            if (open.Count > Deepest) throw new FormatException($"layer {i}: residual parts lie more than {Deepest} deep");
        }
        if (open.Count > 0) throw new FormatException("a residual part has no end");
        (Steps, Output) = (steps, shape);
    }

    /// <summary>Begins the names of its tensors.</summary>
    public string Name { get; }

    /// <summary>The largest input.</summary>
    public LayerShape Input { get; }

    /// <summary>What comes out for it.</summary>
    public LayerShape Output { get; }

    /// <summary>The descriptions.</summary>
    public IReadOnlyList<string> Layers { get; }

    /// <summary>The layers, with shapes for the largest input.</summary>
    public IReadOnlyList<LayerStep> Steps { get; }

    /// <summary>Every tensor by name with its rows and columns; columns are 0 for a vector.</summary>
    public IEnumerable<(string Name, int Rows, int Columns)> Tensors()
    {
        foreach (LayerStep step in Steps)
        {
            int rows = step.Layer.Kind == LayerKind.Embedding ? step.Layer.Tokens : step.Layer.Kind == LayerKind.GroupNorm ? step.Input.Channels : step.Layer.IsProduct ? step.Layer.Size : 0;
            if (rows == 0) continue;
            yield return (Weight(step), rows, step.Columns);
            if (step.Layer.Kind != LayerKind.Embedding) yield return (Bias(step), rows, 0);
        }
    }

    /// <summary>The name of a layer's matrix, or of a norm's weight.</summary>
    public string Weight(LayerStep step) => $"{Name}.{step.Number}.weight";

    /// <summary>The name of a layer's bias.</summary>
    public string Bias(LayerStep step) => $"{Name}.{step.Number}.bias";

    /// <summary>The plan of the stack that a file describes under this name.</summary>
    /// <exception cref="ModelFormatException">It describes none, or one that is not possible.</exception>
    public static LayerPlan Read(GgufFile file, string name)
    {
        string key = LayersKey(name);
        string[] layers = file.GetStrings(key);
        int[] input = file.GetInts(InputKey(name));
        if (input.Length != 3) throw file.Fault(InputKey(name), $"'{InputKey(name)}' must be channels, height and width");
        try
        {
            return new LayerPlan(name, new LayerShape(input[0], input[1], input[2]), layers);
        }
        catch (Exception error) when (error is FormatException or OverflowException)
        {
            throw file.Fault(key, $"the network '{name}' is not possible: {error.Message}");
        }
    }

    /// <summary>Adds the description to a file.</summary>
    public void Write(GgufWriter writer)
    {
        writer.Add(InputKey(Name), new[] { Input.Channels, Input.Height, Input.Width });
        writer.Add(LayersKey(Name), Layers.ToArray());
    }

    private static string InputKey(string name) => $"percheron.stack.{name}.input";

    private static string LayersKey(string name) => $"percheron.stack.{name}.layers";

    // As the kernels keep them: outputs in sixteens.
    private static long Rounded(LayerStep step) => step.Layer.Kind == LayerKind.Embedding ? step.Layer.Tokens : (step.Layer.Size + 15L) & ~15L;
}
