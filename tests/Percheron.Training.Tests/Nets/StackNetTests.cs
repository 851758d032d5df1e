using Percheron.Codecs.Networks;
using Percheron.Formats;
using Percheron.Training.Export;
using Percheron.Training.Nets;
using Percheron.Training.Tests.Support;
using Xunit;
using static TorchSharp.torch;

namespace Percheron.Training.Tests.Nets;

public class StackNetTests
{
    private static readonly string[] Layers =
    [
        "conv 16 kernel=4 stride=2 padding=1", "silu", "residual", "groupnorm 4", "relu", "conv 20 kernel=3 padding=1", "gelu", "linear 16", "end", "unit", "shuffle 2", "upsample 2x1", "sigmoid",
        "conv 5 kernel=3x1 padding=2x0 dilation=2 stride=1x2", "flatten", "linear 7",
    ];

    [TorchFact]
    public void The_library_runs_what_was_trained()
    {
        var plan = new LayerPlan("net", new LayerShape(3, 8, 12), Layers);
        using var net = new StackNet([plan], [], seed: 4);
        using GgufFile file = GgufFile.InMemory("test", StackFile.Writer(net, "test", "Test", "mit", TensorType.F32));
        float[] input = [.. Enumerable.Range(0, 8 * 12 * 3).Select(i => MathF.Sin(i))], output = new float[7];
        new LayerStack(file, "net").Run(input, output);
        using var fixedValues = no_grad();
        using Tensor trained = net.Forward("net", tensor(input, [1, 8, 12, 3]).permute(0, 3, 1, 2));
        Close(trained.data<float>().ToArray(), output);
    }

    [TorchFact]
    public void Sequences_of_ids_too_and_shorter_ones()
    {
        var plan = new LayerPlan("text", new LayerShape(1, 1, 16), ["embedding 8 tokens=40", "conv 12 kernel=1x3 padding=0x1", "silu", "pool", "linear 4", "unit"]);
        using var net = new StackNet([plan], [("scale", 1, 1)], seed: 4);
        using GgufFile file = GgufFile.InMemory("test", StackFile.Writer(net, "test", "Test", "mit", TensorType.F32));
        int[] ids = [3, 39, 0, 7, 7];
        float[] output = new float[4];
        new LayerStack(file, "text").Run(ids, output);
        using var fixedValues = no_grad();
        using Tensor trained = net.Forward("text", tensor(ids.Select(id => (long)id).ToArray(), [1, 5]));
        Close(trained.data<float>().ToArray(), output);
        Assert.True(file.TryGetTensor("scale", out _));
    }

    [TorchFact]
    public void A_file_of_halves_is_nearly_the_same()
    {
        var plan = new LayerPlan("net", new LayerShape(3, 8, 8), ["conv 16 kernel=3 padding=1", "silu", "linear 4"]);
        using var net = new StackNet([plan], [], seed: 4);
        using GgufFile whole = GgufFile.InMemory("whole", StackFile.Writer(net, "test", "Test", "mit", TensorType.F32)), half = GgufFile.InMemory("half", StackFile.Writer(net, "test", "Test", "mit", TensorType.Q8_0));
        // 27 columns are no whole block of Q8_0.
        Assert.Equal(TensorType.F16, half.Tensor("net.0.weight").Type);
        float[] input = [.. Enumerable.Range(0, 192).Select(i => MathF.Sin(i))], exact = new float[256], output = new float[256];
        new LayerStack(whole, "net").Run(input, exact);
        new LayerStack(half, "net").Run(input, output);
        for (int i = 0; i < output.Length; i++) Assert.Equal(exact[i], output[i], 0.01);
    }

    private static void Close(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-4);
    }
}
