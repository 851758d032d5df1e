using System.Buffers.Binary;
using System.Text;
using Percheron.Formats;
using Xunit;

namespace Percheron.Tests.Formats;

public class SafetensorsFileTests
{
    private const string Two = """{"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"b":{"dtype":"BF16","shape":[2],"data_offsets":[24,28]}}""";

    [Fact]
    public void Tensors_of_every_readable_type_are_read()
    {
        string header = """{"f":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},"h":{"dtype":"F16","shape":[3],"data_offsets":[16,22]},"b":{"dtype":"BF16","shape":[],"data_offsets":[22,24]},"none":{"dtype":"F32","shape":[0,5],"data_offsets":[24,24]},"ids":{"dtype":"I64","shape":[1],"data_offsets":[24,32]}}   """;
        byte[] data = new byte[32];
        for (int i = 0; i < 4; i++) BinaryPrimitives.WriteSingleLittleEndian(data.AsSpan(4 * i), i + 0.5f);
        for (int i = 0; i < 3; i++) BinaryPrimitives.WriteHalfLittleEndian(data.AsSpan(16 + 2 * i), (Half)(-i));
        BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(22), 0x3fc0);
        using TemporaryFile source = new(Build(header, data));
        using SafetensorsFile file = SafetensorsFile.Open(source.Path);
        Assert.Equal(["f", "h", "b", "none", "ids"], file.Tensors.Select(tensor => tensor.Name));
        Assert.Equal([0.5f, 1.5f, 2.5f, 3.5f], file.ReadFloats(file.Tensor("f")));
        Assert.Equal([0f, -1, -2], file.ReadFloats(file.Tensor("h")));
        Assert.Equal([1.5f], file.ReadFloats(file.Tensor("b")));
        Assert.Empty(file.ReadFloats(file.Tensor("none")));
        float[] row = new float[2];
        file.ReadRow(file.Tensor("f"), 1, row);
        Assert.Equal([2.5f, 3.5f], row);
        Assert.Contains("I64", Assert.Throws<ModelFormatException>(() => file.ReadFloats(file.Tensor("ids"))).Reason);
        Assert.Contains("missing", Assert.Throws<ModelFormatException>(() => file.Tensor("x")).Reason);
        file.Dispose();
        Assert.Throws<ObjectDisposedException>(() => file.ReadFloats(file.Tensors[0]));
    }

    public static TheoryData<string, string, int> Damaged => new()
    {
        { "cut short", Two, 27 }, { "belong to no tensor", Two, 29 },
        { "overlap", Two.Replace("[24,28]", "[20,24]"), 28 },
        { "before tensor 'b' belong to no tensor", Two.Replace("[24,28]", "[26,30]"), 30 },
        { "takes 24", Two.Replace("[0,24]", "[0,23]"), 28 }, { "takes 48", Two.Replace("[2,3]", "[2,3,2]"), 28 },
        { "cut short", Two.Replace("[0,24]", "[24,0]"), 28 }, { "at least 0", Two.Replace("[0,24]", "[-1,24]"), 28 },
        { "at least 0", Two.Replace("[0,24]", "[0.5,24]"), 28 }, { "at least 0", Two.Replace("[0,24]", "[0,99999999999999999999]"), 28 },
        { "absurd", Two.Replace("[2,3]", "[4294967296,4294967296]"), 28 }, { "3 data_offsets", Two.Replace("[0,24]", "[0,24,3]"), 28 },
        { "unknown dtype", Two.Replace("\"F32\"", "\"Q8\""), 28 }, { "unknown dtype", Two.Replace("\"F32\"", "\"11\""), 28 }, { "should be a string", Two.Replace("\"F32\"", "7"), 28 },
        { "appears twice", Two.Replace("\"b\"", "\"a\""), 28 }, { "twice", Two.Replace("\"shape\":[2]", "\"dtype\":\"BF16\""), 28 },
        { "lacks", Two.Replace("\"shape\":[2],", ""), 28 }, { "unknown field", Two.Replace("\"shape\":[2],", "\"size\":[2],"), 28 },
        { "should be", Two.Replace("{\"format\":\"pt\"}", "3"), 28 }, { "should be", Two.Replace("\"pt\"", "[]"), 28 },
        { "appears twice", Two.Replace("\"format\":\"pt\"", "\"x\":\"1\",\"x\":\"2\""), 28 },
        { "__metadata__ appears twice", Two.Replace("{\"__metadata__\"", "{\"__metadata__\":{},\"__metadata__\""), 28 },
        { "malformed", Two[..^1], 28 }, { "follows", Two + "}", 28 }, { "follows", Two + " {}", 28 }, { "should be", "[]", 0 }, { "too early|malformed", "", 0 },
        { "half a character", Two.Replace("\"b\"", "\"\\ud800\""), 28 },
        { "at least 0", Two.Replace("[2,3]", new string('[', 100)), 28 },
    };

    [Theory]
    [MemberData(nameof(Damaged))]
    public void Damage_ends_in_one_clear_error(string reason, string header, int dataBytes)
    {
        using TemporaryFile source = new(Build(header, new byte[dataBytes]));
        ModelFormatException fault = Assert.Throws<ModelFormatException>(() => SafetensorsFile.Open(source.Path));
        Assert.Matches(reason, fault.Message);
        Assert.StartsWith($"{source.Path}: at byte {fault.Offset}: ", fault.Message);
        Assert.DoesNotContain('\n', fault.Message);
    }

    [Fact]
    public void A_header_length_that_lies_is_refused_before_anything_is_read()
    {
        byte[] content = Build(Two, new byte[28]);
        foreach (ulong length in new ulong[] { ulong.MaxValue, 1UL << 63, (ulong)content.Length - 7, 100_000_001 })
        {
            BinaryPrimitives.WriteUInt64LittleEndian(content, length);
            using TemporaryFile source = new(content);
            Assert.Equal(0, Assert.Throws<ModelFormatException>(() => SafetensorsFile.Open(source.Path)).Offset);
        }
        using TemporaryFile tiny = new([1, 2, 3]), bad = new(Build("{\"\u0001", []));
        Assert.Throws<ModelFormatException>(() => SafetensorsFile.Open(tiny.Path));
        Assert.Throws<ModelFormatException>(() => SafetensorsFile.Open(bad.Path));
        byte[] latin = Build(Two, new byte[28]);
        latin[10] = 0xff;
        using TemporaryFile notUtf8 = new(latin);
        Assert.Contains("UTF-8", Assert.Throws<ModelFormatException>(() => SafetensorsFile.Open(notUtf8.Path)).Reason);
    }

    [Fact]
    public void Shards_are_found_through_the_index_or_the_folder()
    {
        using Folder folder = new();
        byte[] ones = [0, 0, 128, 63];
        folder.Write("one.safetensors", Build("""{"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", ones));
        folder.Write("two.safetensors", Build("""{"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"c":{"dtype":"BF16","shape":[2],"data_offsets":[4,8]}}""", [.. ones, .. ones]));
        string index = folder.Write("model.safetensors.index.json", """{"metadata":{"total_size":12,"deep":[{}]},"weight_map":{"c":"two.safetensors","a":"one.safetensors","b":"two.safetensors"}}"""u8.ToArray());
        foreach (string path in new[] { index, folder.Path })
        {
            using SafetensorsFile file = SafetensorsFile.Open(path);
            Assert.Equal(["c", "a", "b"], file.Tensors.Select(tensor => tensor.Name));
            Assert.Equal([0f, 1], file.ReadFloats(file.Tensor("c")));
            Assert.Equal([1f], file.ReadFloats(file.Tensor("a")));
            Assert.Equal("pt", file.Metadata["format"]);
        }
    }

    [Theory]
    [InlineData("missing", """{"weight_map":{"a":"other.safetensors"}}""")]
    [InlineData("does not hold", """{"weight_map":{"z":"one.safetensors"}}""")]
    [InlineData("plain file name", """{"weight_map":{"a":"../one.safetensors"}}""")]
    [InlineData("plain file name", """{"weight_map":{"a":"/etc/passwd"}}""")]
    [InlineData("plain file name", """{"weight_map":{"a":"sub\\one.safetensors"}}""")]
    [InlineData("plain file name", """{"weight_map":{"a":".."}}""")]
    [InlineData("plain file name", """{"weight_map":{"a":""}}""")]
    [InlineData("appears twice", """{"weight_map":{"a":"one.safetensors","a":"one.safetensors"}}""")]
    [InlineData("appears twice", """{"weight_map":{},"weight_map":{}}""")]
    [InlineData("should be", """{"weight_map":{"a":3}}""")]
    [InlineData("no weight_map", """{"metadata":{}}""")]
    [InlineData("nested more than", """{"x":[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]],"weight_map":{}}""")]
    [InlineData("follows", """{"weight_map":{}} x""")]
    [InlineData("malformed", """{"weight_map":{"a":"one""")]
    public void A_damaged_index_ends_in_one_clear_error(string reason, string json)
    {
        using Folder folder = new();
        folder.Write("one.safetensors", Build("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", new byte[4]));
        string index = folder.Write("model.safetensors.index.json", Encoding.UTF8.GetBytes(json));
        ModelFormatException fault = Assert.Throws<ModelFormatException>(() => SafetensorsFile.Open(index));
        Assert.Contains(reason, fault.Reason);
        Assert.Equal(index, fault.FileName);
    }

    [Fact]
    public void A_folder_without_a_model_says_so()
    {
        using Folder folder = new();
        Assert.Contains("neither", Assert.Throws<ModelFormatException>(() => SafetensorsFile.Open(folder.Path)).Reason);
    }

    internal static byte[] Build(string header, byte[] data)
    {
        byte[] json = Encoding.UTF8.GetBytes(header), length = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)json.Length);
        return [.. length, .. json, .. data];
    }

    private sealed class Folder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("percheron-").FullName;

        public string Write(string name, byte[] content)
        {
            string path = System.IO.Path.Combine(Path, name);
            File.WriteAllBytes(path, content);
            return path;
        }

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
