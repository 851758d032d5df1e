using System.Buffers.Binary;
using Percheron.Formats;
using Percheron.Tests.Support;
using Xunit;

namespace Percheron.Tests.Formats;

public class GgufFileTests
{
    [Fact]
    public void Version_1_and_version_3_of_one_model_hold_the_same_weights()
    {
        using GgufFile old = GgufFile.Open(SharedData.Require("stories260k/stories260k-f32.gguf"));
        using GgufFile recent = GgufFile.Open(SharedData.Require("stories260k/stories260k-v3-f32.gguf"));
        Assert.Equal((1, 3), (old.Version, recent.Version));
        Assert.Equal("llama", old.GetString("general.architecture"));
        Assert.Equal(64u, old.GetUInt32("llama.embedding_length"));
        Assert.Equal(old.GetStrings("tokenizer.ggml.tokens"), recent.GetStrings("tokenizer.ggml.tokens"));
        Assert.Equal(old.GetFloats("tokenizer.ggml.scores"), recent.GetFloats("tokenizer.ggml.scores"));
        Assert.Equal(512, old.GetStrings("tokenizer.ggml.tokens").Length);
        Assert.Equal(48, old.Tensors.Count);
        // Only the rows of Q and K are ordered differently.
        foreach (TensorInfo tensor in old.Tensors.Where(tensor => !tensor.Name.Contains("attn_q.") && !tensor.Name.Contains("attn_k.")))
            Assert.Equal(old.ReadFloats(tensor), recent.ReadFloats(recent.Tensor(tensor.Name)));
    }

    [Fact]
    public void Shared_files_open_and_decode()
    {
        foreach (string path in Directory.GetFiles(SharedData.Require("golden"), "*.gguf").Concat(Directory.GetFiles(SharedData.Require("tokenizers/gguf"), "*.gguf")))
        {
            using GgufFile file = GgufFile.Open(path);
            foreach (TensorInfo tensor in file.Tensors) Assert.All(file.ReadFloats(tensor), value => Assert.True(float.IsFinite(value)));
            if (file.TryGetStrings("tokenizer.ggml.tokens", out string[] tokens)) Assert.Equal(tokens.Length, file.GetInts("tokenizer.ggml.token_type").Length);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_version_is_read(int version)
    {
        using TemporaryFile source = new(RawGguf.Sample(version).ToArray());
        using GgufFile file = GgufFile.Open(source.Path);
        Assert.Equal(version, file.Version);
        Assert.Equal(16, file.Metadata.Count);
        Assert.Equal("llama", file.GetString("general.architecture"));
        Assert.Equal((200, -2, 65_000, -2, 7), (file.GetInt32("u8"), file.GetInt32("i8"), file.GetInt32("u16"), file.GetInt32("i16"), file.GetInt32("i32")));
        Assert.Equal((1f, 1f, true), (file.GetFloat32("f32"), file.GetFloat32("f64"), file.GetBool("bool")));
        Assert.Equal(["<s>", "▁a", ""], file.GetStrings("tokens"));
        Assert.Equal([1, 2, 3], file.GetInts("ids"));
        GgufValue[] nested = (GgufValue[])file.Metadata["nested"].ToObject();
        Assert.Equal(new byte[] { 9 }, nested[0].ToObject());
        Assert.Equal(new[] { "x" }, nested[1].ToObject());
        Assert.Equal(BlockCodec.Decodable.Split(", ").Length + 1, file.Tensors.Count);
        Assert.All(file.Tensors, tensor => Assert.Equal((256, 2, 512), (tensor.Columns, tensor.Rows, tensor.Elements)));
        Assert.Equal(512, file.ReadFloats(file.Tensor("Q4_K")).Length);
        Assert.Contains("Q2_K", Assert.Throws<ModelFormatException>(() => file.ReadFloats(file.Tensor("Q2_K"))).Reason);
    }

    [Fact]
    public void Typed_reading_is_strict_about_kinds_and_lenient_about_widths()
    {
        GgufWriter writer = new();
        writer.Add("big", ulong.MaxValue);
        writer.Add("wide", 12L);
        writer.Add("negative", -1);
        writer.Add("double", 0.5);
        writer.Add("bytes", new byte[] { 1, 255 });
        writer.Add("large", new[] { 1u, uint.MaxValue });
        writer.Add("doubles", new[] { 0.25 });
        using TemporaryFile source = new(writer);
        using GgufFile file = GgufFile.Open(source.Path);
        Assert.Equal((12u, 12, 0.5f, 9u, "x"), (file.GetUInt32("wide"), file.GetInt32("wide"), file.GetFloat32("double"), file.GetUInt32("none", 9), file.GetString("none", "x")));
        Assert.Equal([1, 255], file.GetInts("bytes"));
        Assert.Equal([0.25f], file.GetFloats("doubles"));
        Assert.False(file.TryGetInts("none", out _) || file.TryGetBool("none", out _));
        Assert.Contains("'big' should be an unsigned integer, but is UInt64 18446744073709551615", Assert.Throws<ModelFormatException>(() => file.GetUInt32("big")).Message);
        Assert.Equal(file.Metadata["negative"].DescribedAt, Assert.Throws<ModelFormatException>(() => file.GetUInt32("negative")).Offset);
        Assert.Throws<ModelFormatException>(() => file.GetInt32("double"));
        Assert.Throws<ModelFormatException>(() => file.GetFloat32("wide"));
        Assert.Throws<ModelFormatException>(() => file.GetInts("large"));
        Assert.Throws<ModelFormatException>(() => file.GetStrings("bytes"));
        Assert.Throws<ModelFormatException>(() => file.GetBool("wide", false));
        Assert.Contains("missing", Assert.Throws<ModelFormatException>(() => file.GetString("none")).Reason);
        Assert.Contains("missing", Assert.Throws<ModelFormatException>(() => file.Tensor("none")).Reason);
    }

    [Fact]
    public unsafe void Nothing_is_reachable_after_the_file_is_closed()
    {
        using TemporaryFile source = new(RawGguf.Sample(3).ToArray());
        GgufFile file = GgufFile.Open(source.Path);
        TensorInfo tensor = file.Tensors[0];
        Assert.Equal(0, tensor.Offset % 32);
        file.Dispose();
        file.Dispose();
        Assert.Throws<ObjectDisposedException>(() => file.Bytes(tensor).Length);
        Assert.Throws<ObjectDisposedException>(() => (nint)file.Data(tensor));
        Assert.Throws<ObjectDisposedException>(() => file.ReadFloats(tensor));
        Assert.Throws<ObjectDisposedException>(() => file.GetStrings("tokens"));
        Assert.Throws<ObjectDisposedException>(() => file.Metadata["nested"].ToObject());
        Assert.Equal("llama", file.GetString("general.architecture"));
    }

    [Fact]
    public void Rows_and_tensors_of_other_files_are_refused()
    {
        using TemporaryFile source = new(RawGguf.Sample(3).ToArray());
        using GgufFile file = GgufFile.Open(source.Path);
        TensorInfo tensor = file.Tensors[0];
        Assert.Throws<ArgumentOutOfRangeException>(() => file.ReadRow(tensor, 2, new float[256]));
        Assert.Throws<ArgumentOutOfRangeException>(() => file.ReadRow(tensor, -1, new float[256]));
        Assert.Throws<ArgumentException>(() => file.ReadRow(tensor, 0, new float[255]));
        Assert.Throws<ArgumentException>(() => file.Bytes(tensor with { Offset = file.FileLength }));
        Assert.Throws<ArgumentException>(() => file.Bytes(tensor with { Offset = -1 }));
    }

    [Fact]
    public void Weights_beyond_four_gigabytes_are_found()
    {
        // A sparse file: 5 GB long, a few blocks on the disk.
        const long far = 5L << 30;
        RawGguf header = new(3, 2, 0);
        header.Tensor("hole", TensorType.I8, 0, far - 4096).Tensor("far", TensorType.F32, far, 4).Pad(32);
        byte[] content = header.ToArray();
        using TemporaryFile source = new(content);
        using (FileStream stream = File.OpenWrite(source.Path))
        {
            stream.SetLength(content.Length + far);
            stream.Position = content.Length + far;
            byte[] values = new byte[16];
            for (int i = 0; i < 4; i++) BinaryPrimitives.WriteSingleLittleEndian(values.AsSpan(4 * i), i + 0.5f);
            stream.Write(values);
        }
        using GgufFile file = GgufFile.Open(source.Path);
        Assert.Equal([0.5f, 1.5f, 2.5f, 3.5f], file.ReadFloats(file.Tensor("far")));
        Assert.Throws<ArgumentException>(() => file.Bytes(file.Tensor("hole")).Length);
        Assert.Throws<ModelFormatException>(() => file.ReadFloats(file.Tensor("hole")));
    }
}
