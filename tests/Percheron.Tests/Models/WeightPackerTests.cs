using Percheron.Formats;
using Percheron.Models;
using Xunit;

namespace Percheron.Tests.Models;

public sealed unsafe class WeightPackerTests
{
    [Theory]
    [InlineData(TensorType.Q8_0, 1056)]
    [InlineData(TensorType.Q4_0, 1056)]
    [InlineData(TensorType.Q4_K, 1024)]
    [InlineData(TensorType.Q6_K, 1024)]
    [InlineData(TensorType.BF16, 1025)]
    public void SlicesGiveTheBytesThatOnePieceGives(TensorType type, int inputs)
    {
        const int Outputs = 2500;
        byte[] stored = RandomBlocks.Create(type, inputs, Outputs, 1, new Random(1));
        fixed (byte* data = stored)
        {
            // Page by page inside a managed array nothing may be let go: the packer is not run, its slices are.
            WeightMatrix matrix = new(type, data, Outputs, inputs, BlockCodec.RowBytes(type, inputs));
            using NativeBuffer whole = NativeBuffer.ForStreaming(matrix.PackedBytes(Outputs)), parts = NativeBuffer.ForStreaming(matrix.PackedBytes(Outputs));
            matrix.Pack(whole.Pointer, 0, Outputs);
            for (int from = 0; from < Outputs; from += 3 * WeightMatrix.PackedRows) matrix.Pack(parts.Pointer, from, Math.Min(3 * WeightMatrix.PackedRows, Outputs - from));
            Assert.True(new ReadOnlySpan<byte>(whole.Pointer, (int)whole.Bytes).SequenceEqual(new ReadOnlySpan<byte>(parts.Pointer, (int)parts.Bytes)));
        }
    }

    [Fact]
    public void TypesWithoutAPackedFormTakeNoMemory()
    {
        byte[] stored = RandomBlocks.Create(TensorType.F32, 64, 64, 1, new Random(1));
        fixed (byte* data = stored)
        {
            WeightPacker packer = new([new WeightMatrix(TensorType.F32, data, 64, 64, 256)]);
            packer.Run(1, TimeProvider.System);
            Assert.Equal(0, packer.Bytes);
        }
    }

    [Fact]
    public void NoWeightStaysInMemoryTwice()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("reads /proc");
        // Eight megabytes of matrices, several slices each; the untied embedding is small and never packed.
        using TinyFile file = (TinyModel.Llama with { Type = TensorType.Q8_0, Hidden = 512, Heads = 8, FeedForward = 2560 }).Build();
        long before = Resident(file.Path);
        using Transformer model = file.Load(threads: 2);
        long after = Resident(file.Path);
        Assert.True(new FileInfo(file.Path).Length > 8_000_000);
        Assert.True(after - before < 1_000_000, $"{after - before} bytes of the file stayed mapped after packing");
    }

    [Fact]
    public void RowsOfATiedEmbeddingAreStillReadAfterPacking()
    {
        using TinyFile file = (TinyModel.Qwen2 with { Type = TensorType.Q8_0, Vocab = 4000 }).Build();
        TensorInfo embedding = file.Gguf.Tensor("token_embd.weight");
        float[] before = file.Gguf.ReadFloats(embedding);
        using Transformer model = file.Load();
        Assert.Equal(before, file.Gguf.ReadFloats(embedding));
    }

    /// <summary>Resident bytes of the mapping of a file.</summary>
    private static long Resident(string path)
    {
        bool inside = false;
        long bytes = 0;
        foreach (string line in File.ReadLines("/proc/self/smaps"))
        {
            if (line.Contains('-', StringComparison.Ordinal) && line.Contains(" r", StringComparison.Ordinal)) inside = line.EndsWith(path, StringComparison.Ordinal);
            else if (inside && line.StartsWith("Rss:", StringComparison.Ordinal)) bytes += 1024 * long.Parse(line[4..^2].Trim(), System.Globalization.CultureInfo.InvariantCulture);
        }
        return bytes;
    }
}
