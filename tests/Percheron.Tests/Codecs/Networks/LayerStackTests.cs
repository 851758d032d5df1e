using Percheron.Codecs.Networks;
using Percheron.Formats;
using Percheron.Kernels;
using Percheron.Tests.Kernels;
using Xunit;

namespace Percheron.Tests.Codecs.Networks;

[Collection(nameof(Levels))]
public class LayerStackTests
{
    private static readonly string[] Everything =
    [
        "conv 16 kernel=4 stride=2 padding=1", "silu", "residual", "groupnorm 4", "relu", "conv 20 kernel=3 padding=1", "gelu", "conv 16", "end", "unit", "shuffle 2", "upsample 2x1", "sigmoid", "conv 5 kernel=3 padding=2 dilation=2", "flatten",
        "linear 7",
    ];

    [Fact]
    public void Layers_do_what_they_say()
    {
        // [2, 1, 2]: two positions of two channels, by hand.
        using GgufFile file = LayerFile.Of(new LayerShape(2, 1, 2), "residual", "relu", "end", "upsample 1x2", "pool");
        float[] output = new float[2];
        new LayerStack(file, "net").Run([1f, -2f, 3f, 4f], output);
        Assert.Equal([(2 + 6) / 2f, (-2 + 8) / 2f], output);

        using GgufFile shuffled = LayerFile.Of(new LayerShape(8, 1, 1), "shuffle 2", "unit");
        float[] moved = new float[8];
        Assert.Equal(new LayerShape(2, 2, 2), new LayerStack(shuffled, "net").Run([3f, 0f, 0f, 1f, 4f, 0f, 0f, 0f], moved));
        Assert.Equal([0.6f, 0.8f, 0, 0, 0, 0, 1, 0], moved);
    }

    [Fact]
    public void Bits_are_those_of_any_instruction_set_and_any_number_of_threads()
    {
        using GgufFile file = LayerFile.Of(new LayerShape(3, 8, 12), Everything);
        float[] input = LayerFile.Values(new Random(1), 8 * 12 * 3);
        float[] Run(ThreadTeam? team)
        {
            float[] output = new float[7];
            new LayerStack(file, "net", team).Run(input, output);
            return output;
        }
        float[] alone = Levels.Agree(() => Run(null));
        using var team = new ThreadTeam(3);
        Bits.Equal(alone, Run(team), "three threads");
        Assert.All(alone, value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void A_run_allocates_nothing()
    {
        using GgufFile file = LayerFile.Of(new LayerShape(3, 8, 12), Everything);
        var stack = new LayerStack(file, "net");
        float[] input = new float[8 * 12 * 3], output = new float[7];
        stack.Run(input, output);
        long before = GC.GetAllocatedBytesForCurrentThread();
        stack.Run(input, output);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void A_sequence_may_be_shorter_and_means_the_same_alone()
    {
        using GgufFile file = LayerFile.Of(new LayerShape(1, 1, 20), "embedding 6 tokens=9", "conv 4 kernel=1x3 padding=0x1", "relu");
        var stack = new LayerStack(file, "net");
        float[] whole = new float[80], part = new float[80];
        stack.Run([1, 2, 3, 4, 5, 6, 7, 8, 0, 1, 2, 3], whole);
        Assert.Equal(new LayerShape(4, 1, 5), stack.Run([1, 2, 3, 4, 5], part));
        // All but the last, which sees the end.
        Assert.Equal(whole.AsSpan(0, 16), part.AsSpan(0, 16));
        Assert.Throws<ArgumentException>(() => stack.Run([9], part));
        Assert.Throws<ArgumentException>(() => stack.Run(new int[21], part));
        Assert.Throws<ArgumentException>(() => stack.Run(new float[20], part));
    }

    [Fact]
    public void An_input_that_is_flattened_keeps_its_width()
    {
        using GgufFile file = LayerFile.Of(new LayerShape(2, 3, 4), "flatten", "linear 2");
        var stack = new LayerStack(file, "net");
        float[] output = new float[2];
        stack.Run(new float[24], output);
        Assert.Throws<ArgumentException>(() => stack.Run(new float[18], output));
        Assert.Throws<ArgumentException>(() => stack.Run(new float[23], output));
        Assert.Throws<ArgumentException>(() => stack.Run(new float[24], output.AsSpan(1)));
    }

    [Fact]
    public void A_description_without_weights_for_it_is_one_error_and_no_memory()
    {
        var writer = new GgufWriter();
        writer.Add("percheron.stack.net.input", new[] { 64, 256, 256 });
        writer.Add("percheron.stack.net.layers", new[] { "conv 64 kernel=3 padding=1", "residual", "residual", "residual", "end", "end", "end" });
        using GgufFile file = GgufFile.InMemory("test", writer);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("'net.0.weight' is missing", Assert.Throws<ModelFormatException>(() => new LayerStack(file, "net")).Message, StringComparison.Ordinal);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 100_000);
    }

    [Fact]
    public void Weights_of_another_shape_are_refused()
    {
        var writer = new GgufWriter();
        writer.Add("percheron.stack.net.input", new[] { 3, 4, 4 });
        writer.Add("percheron.stack.net.layers", new[] { "linear 5" });
        writer.AddTensor("net.0.weight", TensorType.F32, [5, 3], new float[15]);
        writer.AddTensor("net.0.bias", TensorType.F32, [5], new float[5]);
        using GgufFile file = GgufFile.InMemory("test", writer);
        Assert.Contains("is not of [5, 3]", Assert.Throws<ModelFormatException>(() => new LayerStack(file, "net")).Message, StringComparison.Ordinal);
    }
}
