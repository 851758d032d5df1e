using System.Collections.Immutable;
using Percheron.Formats;
using Percheron.Kernels;

namespace Percheron.Codecs.Networks;

/// <summary>What one layer has learned, as kernels want it.</summary>
internal sealed class LayerWeights
{
    private LayerWeights(float[] weight, float[] bias) => (Weight, Bias) = (weight, bias);

    /// <summary>Packed weights of a product; rows of an embedding; the weight of a norm; empty for others.</summary>
    public float[] Weight { get; }

    /// <summary>A bias for each output, in sixteens for products.</summary>
    public float[] Bias { get; }

    /// <summary>Reads the tensors of every layer.</summary>
    /// <exception cref="ModelFormatException">One is missing or of another shape.</exception>
    public static LayerWeights[] Read(GgufFile file, LayerPlan plan)
    {
        Dictionary<string, (int Rows, int Columns)> shapes = plan.Tensors().ToDictionary(tensor => tensor.Name, tensor => (tensor.Rows, tensor.Columns));
        return [.. plan.Steps.Select(step => Read(file, plan, step, shapes))];
    }

    /// <summary>The sizes of a product's convolution.</summary>
    public static ConvolutionShape Shape(LayerDescription layer, LayerShape input, LayerShape output) => new()
    {
        Inputs = input.Channels, Outputs = layer.Size, Height = output.Height, Width = output.Width, FramedWidth = input.Width + (2 * layer.Padding.Across),
        KernelHeight = layer.Kernel.Down, KernelWidth = layer.Kernel.Across, Down = layer.Stride.Down, Across = layer.Stride.Across, Dilation = layer.Dilation,
    };

    private static LayerWeights Read(GgufFile file, LayerPlan plan, LayerStep step, Dictionary<string, (int Rows, int Columns)> shapes)
    {
        float[] Values(string name) => shapes.TryGetValue(name, out var shape) ? Tensor(file, name, shape.Rows, shape.Columns) : [];
        float[] weight = Values(plan.Weight(step)), bias = Values(plan.Bias(step));
        if (!step.Layer.IsProduct) return new(weight, bias);
        ConvolutionShape product = Shape(step.Layer, step.Input, step.Output);
        float[] packed = new float[Convolution.PackedLength(product)], padded = new float[Convolution.PackedBiasLength(product)];
        Convolution.Pack(product, weight, packed);
        bias.CopyTo(padded, 0);
        return new(packed, padded);
    }

    private static float[] Tensor(GgufFile file, string name, int rows, int columns)
    {
        TensorInfo tensor = file.Tensor(name);
        ImmutableArray<long> wanted = columns == 0 ? [rows] : [columns, rows];
        return tensor.Dimensions.AsSpan().SequenceEqual(wanted.AsSpan()) ? file.ReadFloats(tensor) : throw file.Fault(tensor, $"tensor '{name}' is not of [{string.Join(", ", wanted.Reverse())}], as the description of the network says");
    }
}
