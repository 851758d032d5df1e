using Percheron.Formats;
using Percheron.Tests.Support;
using Xunit;

namespace Percheron.Tests.Formats;

public class GgufQuantizerTests
{
    [Theory]
    [InlineData(TensorType.Q8_0, "q8_0")]
    [InlineData(TensorType.Q4_0, "q4_0")]
    [InlineData(TensorType.F16, "f16")]
    [InlineData(TensorType.BF16, "bf16")]
    [InlineData(TensorType.Q4_K, "q4_k")]
    [InlineData(TensorType.Q6_K, "q6_k")]
    [InlineData(TensorType.F32, "f32")]
    public void A_real_layout_takes_every_type(TensorType type, string name)
    {
        using GgufFile input = GgufFile.Open(SharedData.Require("golden/llama-f32.gguf"));
        using GgufFile other = GgufFile.Open(SharedData.Require($"golden/llama-{name}.gguf"));
        using TemporaryFile output = new([]);
        Assert.Empty(GgufQuantizer.Quantize(input, output.Path, type));
        using GgufFile written = GgufFile.Open(output.Path);
        Assert.Equal(input.GetStrings("tokenizer.ggml.tokens"), written.GetStrings("tokenizer.ggml.tokens"));
        Assert.All(written.Tensors, tensor => Assert.Equal(tensor.Dimensions.Length > 1 ? type : TensorType.F32, tensor.Type));
        if (type is TensorType.Q4_K or TensorType.Q6_K) return;
        // These roundings are fixed by the format: another writer's bytes are ours.
        foreach (TensorInfo tensor in other.Tensors.Where(tensor => tensor.Type == type))
            Assert.True(other.Bytes(tensor).SequenceEqual(written.Bytes(written.Tensor(tensor.Name))), tensor.Name);
    }

    [Fact]
    public void Columns_that_blocks_do_not_divide_fall_back()
    {
        GgufWriter writer = new();
        writer.Add("general.file_type", 0u);
        foreach (long columns in new[] { 256L, 96, 40 }) writer.AddTensor($"m{columns}", TensorType.F32, [columns, 2], new float[2 * columns]);
        writer.AddTensor("norm", TensorType.F16, [40], new float[40]);
        writer.AddTensor("ids", TensorType.I32, [4], new byte[16]);
        using TemporaryFile source = new(writer);
        using GgufFile input = GgufFile.Open(source.Path);
        using TemporaryFile output = new([]);
        double last = 0;
        IReadOnlyList<QuantizationFallback> fallbacks = GgufQuantizer.Quantize(input, output.Path, TensorType.Q6_K, new Progress(share => last = share));
        Assert.Equal([new("m96", 96, TensorType.Q8_0), new("m40", 40, TensorType.F16)], fallbacks);
        Assert.Equal(1, last);
        using GgufFile written = GgufFile.Open(output.Path);
        Assert.Equal([TensorType.Q6_K, TensorType.Q8_0, TensorType.F16, TensorType.F32, TensorType.I32], written.Tensors.Select(tensor => tensor.Type));
        Assert.Equal((18u, 2u), (written.GetUInt32("general.file_type"), written.GetUInt32("general.quantization_version")));
        Assert.Equal([new("m40", 40, TensorType.F16)], GgufQuantizer.Quantize(input, output.Path, TensorType.Q4_0));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    [InlineData(1e6f)]
    public void Numbers_that_do_not_fit_are_named(float value)
    {
        float[] values = new float[64];
        values[40] = value;
        GgufWriter writer = new();
        writer.AddTensor("m", TensorType.F32, [32, 2], values);
        using TemporaryFile source = new(writer);
        using GgufFile input = GgufFile.Open(source.Path);
        string output = source.Path + ".out";
        ModelFormatException fault = Assert.Throws<ModelFormatException>(() => GgufQuantizer.Quantize(input, output, TensorType.Q8_0));
        Assert.Contains("row 1", fault.Reason);
        Assert.False(File.Exists(output) || File.Exists(output + ".partial"));
        Assert.Throws<NotSupportedException>(() => GgufQuantizer.Quantize(input, output, TensorType.Q5_0));
    }

    [Fact]
    public void A_file_may_be_replaced_by_itself()
    {
        GgufWriter writer = new();
        writer.AddTensor("m", TensorType.F32, [32, 2], Enumerable.Range(0, 64).Select(i => i / 8f).ToArray());
        using TemporaryFile source = new(writer);
        using (GgufFile input = GgufFile.Open(source.Path)) GgufQuantizer.Quantize(input, source.Path, TensorType.F16);
        using GgufFile written = GgufFile.Open(source.Path);
        Assert.Equal(63 / 8f, written.ReadFloats(written.Tensor("m"))[63]);
    }

    private sealed class Progress(Action<double> told) : IProgress<double>
    {
        public void Report(double value) => told(value);
    }
}
