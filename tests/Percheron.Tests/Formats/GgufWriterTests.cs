using Percheron.Formats;
using Xunit;

namespace Percheron.Tests.Formats;

public class GgufWriterTests
{
    [Fact]
    public void Every_metadata_type_survives_a_round_trip()
    {
        (string Key, GgufValue Value)[] entries =
        [
            ("u8", byte.MaxValue), ("i8", sbyte.MinValue), ("u16", ushort.MaxValue), ("i16", short.MinValue), ("u32", uint.MaxValue), ("i32", int.MinValue),
            ("f32", -1.5f), ("yes", true), ("no", false), ("text", "häuser 🐎"), ("empty", ""), ("u64", ulong.MaxValue), ("i64", long.MinValue), ("f64", double.Epsilon),
            ("a.u8", new byte[] { 0, 255 }), ("a.i8", new sbyte[] { -128, 127 }), ("a.u16", new ushort[] { 65535 }), ("a.i16", new short[] { -2 }), ("a.u32", new[] { uint.MaxValue }),
            ("a.i32", new[] { int.MinValue, 7 }), ("a.f32", new[] { float.NaN, 0.1f }), ("a.bool", new[] { true, false, true }), ("a.text", new[] { "", "▁the", "\n" }),
            ("a.u64", new[] { ulong.MaxValue }), ("a.i64", new[] { long.MinValue }), ("a.f64", new[] { Math.PI }), ("a.none", Array.Empty<int>()),
            ("nested", GgufValue.ArrayOfArrays(new[] { 1, 2 }, GgufValue.ArrayOfArrays(new[] { "deep" }))),
        ];
        GgufWriter writer = new();
        foreach ((string key, GgufValue value) in entries) writer.Add(key, value);
        using TemporaryFile written = new(writer);
        using GgufFile file = GgufFile.Open(written.Path);
        Assert.Equal(3, file.Version);
        Assert.Equal(entries.Select(entry => entry.Key), file.Metadata.Keys);
        foreach ((string key, GgufValue value) in entries) AssertSame(value, file.Metadata[key]);
    }

    [Fact]
    public void Tensors_are_aligned_and_hold_what_was_given()
    {
        float[] values = [.. Enumerable.Range(0, 96).Select(i => (i - 40) / 16f)];
        GgufWriter writer = new();
        writer.Add("general.alignment", 64u);
        writer.AddTensor("bytes", TensorType.F32, [3], new byte[12]);
        foreach (TensorType type in new[] { TensorType.F32, TensorType.F16, TensorType.BF16 }) writer.AddTensor($"{type}", type, [32, 3], values);
        writer.AddTensor("streamed", TensorType.I8, [2, 1, 5], stream => stream.Write([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]));
        using TemporaryFile written = new(writer);
        using GgufFile file = GgufFile.Open(written.Path);
        Assert.Equal(["bytes", "F32", "F16", "BF16", "streamed"], file.Tensors.Select(tensor => tensor.Name));
        Assert.All(file.Tensors, tensor => Assert.Equal(0, (tensor.Offset - file.Tensors[0].Offset) % 64));
        foreach (TensorInfo tensor in file.Tensors.Skip(1).Take(3)) Assert.Equal(values, file.ReadFloats(tensor));
        Assert.Equal((2, 5, 10), ((int)file.Tensors[4].Columns, (int)file.Tensors[4].Rows, file.Bytes(file.Tensors[4])[9]));
    }

    [Fact]
    public void Mistakes_are_refused_when_they_are_made()
    {
        GgufWriter writer = new();
        writer.Add("key", 1);
        writer.AddTensor("t", TensorType.F32, [4], new float[4]);
        Assert.Throws<ArgumentException>(() => writer.Add("key", 2));
        Assert.Throws<ArgumentException>(() => writer.Add("", 2));
        Assert.Throws<ArgumentException>(() => writer.Add("general.alignment", 24u));
        Assert.Throws<ArgumentException>(() => writer.AddTensor("t", TensorType.F32, [4], new float[4]));
        Assert.Throws<ArgumentException>(() => writer.AddTensor("u", TensorType.F32, [4], new float[5]));
        Assert.Throws<ArgumentException>(() => writer.AddTensor("u", TensorType.Q8_0, [33], new float[33]));
        Assert.Throws<ArgumentException>(() => writer.AddTensor("u", TensorType.F32, [0], new float[0]));
        Assert.Throws<NotSupportedException>(() => writer.AddTensor("u", TensorType.Q5_K, [256], new float[256]));
    }

    [Fact]
    public void A_source_of_the_wrong_length_leaves_no_file()
    {
        GgufWriter writer = new();
        writer.AddTensor("t", TensorType.F32, [4], stream => stream.Write(new byte[15]));
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        Assert.Throws<InvalidOperationException>(() => writer.Write(path));
        Assert.False(File.Exists(path) || File.Exists(path + ".partial"));
    }

    private static void AssertSame(GgufValue expected, GgufValue actual)
    {
        Assert.Equal((expected.Type, expected.Count, expected.Describe()), (actual.Type, actual.Count, actual.Describe()));
        if (expected.ToObject() is not GgufValue[] inner)
        {
            Assert.Equal(expected.ToObject(), actual.ToObject());
            return;
        }
        for (int i = 0; i < inner.Length; i++) AssertSame(inner[i], ((GgufValue[])actual.ToObject())[i]);
    }
}
