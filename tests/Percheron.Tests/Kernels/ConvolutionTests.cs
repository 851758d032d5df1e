using Percheron.Kernels;
using Xunit;

namespace Percheron.Tests.Kernels;

[Collection(nameof(Levels))]
public sealed class ConvolutionTests
{
    public static TheoryData<int, int, int, int, int, int, int, int, int> Cases => new()
    {
        // inputs, outputs, height, width, kernel height, kernel width, down, across, dilation
        { 3, 32, 4, 4, 4, 4, 2, 2, 1 },
        { 16, 16, 5, 7, 3, 3, 1, 1, 1 },
        { 5, 3, 2, 9, 1, 1, 1, 1, 1 },
        { 8, 37, 1, 11, 1, 3, 1, 2, 3 },
        { 7, 1, 3, 1, 2, 5, 3, 1, 1 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_level_agrees_and_is_close_to_exact(int inputs, int outputs, int height, int width, int kernelHeight, int kernelWidth, int down, int across, int dilation)
    {
        ConvolutionShape shape = Shape(inputs, outputs, height, width, kernelHeight, kernelWidth, down, across, dilation);
        int framedHeight = ((height - 1) * down) + ((kernelHeight - 1) * dilation) + 1;
        var random = new Random(inputs);
        float[] x = Values(random, framedHeight * shape.FramedWidth * inputs), w = Values(random, outputs * shape.Reduction), bias = Values(random, outputs);

        float[] y = Levels.Agree(() => Apply(shape, x, w, bias, 1));
        for (int split = 2; split < 5; split++) Bits.Equal(y, Apply(shape, x, w, bias, split), $"{split} parts");
        for (int o = 0; o < outputs; o++)
        {
            for (int at = 0; at < height * width; at++)
            {
                double exact = bias[o];
                for (int ky = 0; ky < kernelHeight; ky++)
                    for (int kx = 0; kx < kernelWidth; kx++)
                        for (int i = 0; i < inputs; i++)
                            exact += (double)w[(((((o * kernelHeight) + ky) * kernelWidth) + kx) * inputs) + i]
                                * x[((((at / width * down) + (ky * dilation)) * shape.FramedWidth) + (at % width * across) + (kx * dilation)) * inputs + i];
                Assert.Equal(exact, y[(at * outputs) + o], 1e-4);
            }
        }
    }

    [Fact]
    public void Operands_that_are_too_short_are_refused()
    {
        ConvolutionShape shape = Shape(2, 3, 4, 5, 3, 3, 1, 1, 1);
        float[] x = new float[6 * 7 * 2], w = new float[Convolution.PackedLength(shape)], b = new float[Convolution.PackedBiasLength(shape)], y = new float[60];
        Convolution.Apply(shape, x, w, b, y, 0, 4);
        Assert.Throws<ArgumentException>(() => Convolution.Apply(shape, x.AsSpan(1), w, b, y, 0, 4));
        Assert.Throws<ArgumentException>(() => Convolution.Apply(shape, x, w.AsSpan(1), b, y, 0, 4));
        Assert.Throws<ArgumentException>(() => Convolution.Apply(shape, x, w, b.AsSpan(1), y, 0, 4));
        Assert.Throws<ArgumentException>(() => Convolution.Apply(shape, x, w, b, y.AsSpan(1), 0, 4));
        Assert.Throws<ArgumentException>(() => Convolution.Apply(shape, x, w, b, y, 0, 5));
        Assert.Throws<ArgumentException>(() => Convolution.Apply(shape with { FramedWidth = 6 }, x, w, b, y, 0, 4));
    }

    private static ConvolutionShape Shape(int inputs, int outputs, int height, int width, int kernelHeight, int kernelWidth, int down, int across, int dilation) => new()
    {
        Inputs = inputs, Outputs = outputs, Height = height, Width = width, FramedWidth = ((width - 1) * across) + ((kernelWidth - 1) * dilation) + 1,
        KernelHeight = kernelHeight, KernelWidth = kernelWidth, Down = down, Across = across, Dilation = dilation,
    };

    private static float[] Apply(ConvolutionShape shape, float[] x, float[] w, float[] bias, int split)
    {
        float[] packed = new float[Convolution.PackedLength(shape)], padded = new float[Convolution.PackedBiasLength(shape)], y = new float[shape.Height * shape.Width * shape.Outputs];
        Convolution.Pack(shape, w, packed);
        bias.CopyTo(padded, 0);
        int parts = Convolution.Parts(shape);
        for (int i = 0; i < split; i++) Convolution.Apply(shape, x, packed, padded, y, parts * i / split, parts * (i + 1) / split);
        return y;
    }

    private static float[] Values(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 2) - 1)];
}
