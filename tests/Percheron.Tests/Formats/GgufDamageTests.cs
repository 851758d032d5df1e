using Percheron.Formats;
using Xunit;

namespace Percheron.Tests.Formats;

public class GgufDamageTests
{
    private const ulong Most = ulong.MaxValue;

    /// <summary>What is wrong, how the error puts it, and the file.</summary>
    public static TheoryData<string, string, byte[]> Damaged => new()
    {
        { "no magic", "does not begin with 'GGUF'", "GGUX\u0003\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"u8.ToArray() },
        { "old format", "GGML", "tjgg\u0003\0\0\0"u8.ToArray() },
        { "a zip", "zip", "PK\u0003\u0004\0\0\0\0"u8.ToArray() },
        { "only a byte", "ends inside the magic number", [71] },
        { "only the magic", "ends inside the version", "GGUF"u8.ToArray() },
        { "version 0", "version 0", new RawGguf(0, 0, 0).ToArray() },
        { "version 4", "version 4", new RawGguf(4, 0, 0).ToArray() },
        { "big-endian", "big-endian", new RawGguf(3 << 24, 0, 0).ToArray() },
        { "tensor count", "number of tensors is 18446744073709551615", new RawGguf(3, Most, 0).ToArray() },
        { "metadata count", "number of metadata entries is 9", new RawGguf(3, 0, 9).ToArray() },
        { "metadata count, version 1", "number of metadata entries is 4294967295", new RawGguf(1, 0, uint.MaxValue).ToArray() },
        { "key length", "length of 18446744073709551615 bytes", new RawGguf(3, 0, 1).Length(Most).Bytes(new byte[20]).ToArray() },
        { "key length just too long", "but only 20 remain", new RawGguf(3, 0, 1).Length(21).Bytes(new byte[20]).ToArray() },
        { "empty key", "0 characters", new RawGguf(3, 0, 1).Key("", GgufValueType.UInt64).Number(8, 0).ToArray() },
        { "long key", "70000 characters", new RawGguf(3, 0, 1).Key(new string('k', 70_000), GgufValueType.UInt64).Number(8, 0).ToArray() },
        { "bad UTF-8", "a metadata key is not valid UTF-8", new RawGguf(3, 0, 1).Length(2).Bytes([0xc3, 0x28]).Number(4, 0).Number(1, 0).ToArray() },
        { "bad UTF-8 in an array", "not valid UTF-8", new RawGguf(3, 0, 1).Key("k", GgufValueType.Array).Array(GgufValueType.String, 1).Length(1).Bytes([0xff]).ToArray() },
        { "key twice", "'k' appears twice", new RawGguf(3, 0, 2).Key("k", GgufValueType.UInt8).Number(1, 0).Key("k", GgufValueType.UInt8).Number(1, 0).ToArray() },
        { "value type", "value type 13 is unknown", new RawGguf(3, 0, 1).Key("k", (GgufValueType)13).Number(8, 0).ToArray() },
        { "element type", "value type 4294967295 is unknown", new RawGguf(3, 0, 1).Key("k", GgufValueType.Array).Array((GgufValueType)uint.MaxValue, 0).ToArray() },
        { "truth value", "truth value is 2", new RawGguf(3, 0, 1).Key("k", GgufValueType.Bool).Number(1, 2).ToArray() },
        { "truth value in an array", "truth value is 7", new RawGguf(3, 0, 1).Key("k", GgufValueType.Array).Array(GgufValueType.Bool, 2).Number(1, 1).Number(1, 7).ToArray() },
        { "array length", "length of an array is 18446744073709551615", new RawGguf(3, 0, 1).Key("k", GgufValueType.Array).Array(GgufValueType.Float64, Most).ToArray() },
        { "array length whose bytes overflow", "length of an array is", new RawGguf(3, 0, 1).Key("k", GgufValueType.Array).Array(GgufValueType.Float64, 1UL << 61).Number(8, 0).ToArray() },
        { "array cut", "length of an array is 3", new RawGguf(3, 0, 1).Key("k", GgufValueType.Array).Array(GgufValueType.Int32, 3).Number(8, 0).ToArray() },
        { "nested too deep", "nested more than 4 deep", Nested(5) },
        { "nested much too deep", "nested more than 4 deep", Nested(100_000) },
        { "alignment 0", "power of two", Aligned(0) },
        { "alignment 24", "power of two", Aligned(24) },
        { "alignment of the wrong type", "power of two", new RawGguf(3, 0, 1).Key("general.alignment", GgufValueType.String).Text("32").ToArray() },
        { "alignment beyond the file", "past the end of the file", Aligned(1U << 31) },
        { "tensor name twice", "tensor 't' appears twice", File(file => file.Tensor("t", TensorType.F32, 0, 8).Tensor("t", TensorType.F32, 32, 8)) },
        { "no dimensions", "0 dimensions", File(file => file.Tensor("a", TensorType.F32, 0).Tensor("b", TensorType.F32, 32, 8)) },
        { "five dimensions", "5 dimensions", File(file => file.Tensor("a", TensorType.F32, 0, 1, 1, 1, 1, 1).Tensor("b", TensorType.F32, 32, 8)) },
        { "dimension 0", "dimension of 0", File(file => file.Tensor("a", TensorType.F32, 0, 8, 0).Tensor("b", TensorType.F32, 32, 8)) },
        { "negative dimension", "dimension of 18446744073709551615", File(file => file.Tensor("a", TensorType.F32, 0, Most).Tensor("b", TensorType.F32, 32, 8)) },
        { "product that overflows to 0", "which cannot be", File(file => file.Tensor("a", TensorType.F32, 0, 1UL << 32, 1UL << 32).Tensor("b", TensorType.F32, 32, 8)) },
        { "four huge dimensions", "which cannot be", File(file => file.Tensor("a", TensorType.F32, 0, 1UL << 62, 1UL << 62, 1UL << 62, 1UL << 62).Tensor("b", TensorType.F32, 32, 8)) },
        { "bytes that overflow", "past the end of the file", File(file => file.Tensor("a", TensorType.F64, 0, 1UL << 62).Tensor("b", TensorType.F32, 32, 8)) },
        { "unknown type", "unknown type 4", File(file => file.Tensor("a", (TensorType)4, 0, 8).Tensor("b", TensorType.F32, 32, 8)) },
        { "columns and blocks", "blocks of 32 (Q8_0) do not divide", File(file => file.Tensor("a", TensorType.Q8_0, 0, 33).Tensor("b", TensorType.F32, 32, 8)) },
        { "misaligned offset", "not a multiple of 32", File(file => file.Tensor("a", TensorType.F32, 4, 7).Tensor("b", TensorType.F32, 32, 8)) },
        { "offset past the end", "past the end of the file", File(file => file.Tensor("a", TensorType.F32, 96, 8).Tensor("b", TensorType.F32, 32, 8)) },
        { "offset that overflows", "past the end of the file", File(file => file.Tensor("a", TensorType.F32, Most - 31, 8).Tensor("b", TensorType.F32, 32, 8)) },
        { "largest signed offset", "past the end of the file", File(file => file.Tensor("a", TensorType.F32, long.MaxValue - 31, 8).Tensor("b", TensorType.F32, 32, 8)) },
        { "overlap", "tensors 'a' and 'b' overlap", File(file => file.Tensor("a", TensorType.F32, 0, 9).Tensor("b", TensorType.F32, 32, 8)) },
        { "same place", "overlap", File(file => file.Tensor("a", TensorType.F32, 0, 8).Tensor("b", TensorType.F32, 0, 8)) },
        { "last tensor cut", "past the end of the file", File(file => file.Tensor("a", TensorType.F32, 0, 8).Tensor("b", TensorType.F32, 32, 9)) },
    };

    [Theory]
    [MemberData(nameof(Damaged))]
    public void Damage_ends_in_one_clear_error(string what, string reason, byte[] content)
    {
        using TemporaryFile source = new(content);
        ModelFormatException fault = Assert.Throws<ModelFormatException>(() => GgufFile.Open(source.Path));
        Assert.True(fault.Reason.Contains(reason), $"{what}: {fault.Reason}");
        Assert.Equal($"{source.Path}: at byte {fault.Offset}: {fault.Reason}", fault.Message);
        Assert.InRange(fault.Offset, 0, content.Length);
        Assert.DoesNotContain('\n', fault.Message);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_file_cut_anywhere_is_refused(int version)
    {
        byte[] sound = RawGguf.Sample(version).ToArray();
        // The last tensor, 2 rows of Q2_K, ends 24 bytes of padding before the end.
        int end = sound.Length - 24;
        using TemporaryFile whole = new(sound[..end]);
        GgufFile.Open(whole.Path).Dispose();
        foreach (int length in Enumerable.Range(1, 1600).Append(end - 1).Append(end - 2000))
        {
            using TemporaryFile cut = new(sound[..length]);
            ModelFormatException fault = Assert.Throws<ModelFormatException>(() => GgufFile.Open(cut.Path));
            Assert.InRange(fault.Offset, 0, length);
        }
    }

    [Fact]
    public void Folders_empty_files_and_missing_files_say_what_they_are()
    {
        string folder = Directory.CreateTempSubdirectory("percheron-").FullName;
        Assert.Contains("folder", Assert.Throws<ModelFormatException>(() => GgufFile.Open(folder)).Reason);
        Directory.Delete(folder);
        using TemporaryFile empty = new([]);
        Assert.Equal($"{empty.Path}: at byte 0: the file is empty, or not a regular file", Assert.Throws<ModelFormatException>(() => GgufFile.Open(empty.Path)).Message);
        Assert.Throws<FileNotFoundException>(() => GgufFile.Open(folder + "-none"));
    }

    [Fact]
    public void A_pipe_is_refused_without_waiting_for_a_writer()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("Windows has no pipes among its files");
        string path = Path.Combine(Path.GetTempPath(), "percheron-" + Path.GetRandomFileName());
        System.Diagnostics.Process.Start("mkfifo", path).WaitForExit();
        try
        {
            Assert.Contains("not a regular file", Assert.Throws<ModelFormatException>(() => GgufFile.Open(path)).Reason);
        }
        finally
        {
            System.IO.File.Delete(path);
        }
    }

    [Fact]
    public void Names_from_the_file_cannot_break_the_line()
    {
        using TemporaryFile source = new(File(file => file.Tensor("a\nb\u001b[2J", TensorType.F32, 4, 8).Tensor("b", TensorType.F32, 32, 8)));
        Assert.Contains("'a\ufffdb\ufffd[2J'", Assert.Throws<ModelFormatException>(() => GgufFile.Open(source.Path)).Message);
        using TemporaryFile endless = new(File(file => file.Tensor(new string('x', 60_000), TensorType.F32, 4, 8).Tensor("b", TensorType.F32, 32, 8)));
        Assert.InRange(Assert.Throws<ModelFormatException>(() => GgufFile.Open(endless.Path)).Reason.Length, 1, 500);
    }

    /// <summary>Two descriptions and 64 bytes of data.</summary>
    private static byte[] File(Action<RawGguf> describe)
    {
        RawGguf file = new(3, 2, 0);
        describe(file);
        return file.Pad(32).Bytes(new byte[64]).ToArray();
    }

    private static byte[] Aligned(uint alignment) => new RawGguf(3, 1, 1).Key("general.alignment", GgufValueType.UInt32).Number(4, alignment)
        .Tensor("t", TensorType.F32, 0, 8).Pad(32).Bytes(new byte[64]).ToArray();

    private static byte[] Nested(int depth)
    {
        RawGguf file = new RawGguf(3, 0, 1).Key("k", GgufValueType.Array);
        for (int i = 1; i < depth; i++) file.Array(GgufValueType.Array, 1);
        return file.Array(GgufValueType.UInt8, 1).Number(1, 0).ToArray();
    }
}
