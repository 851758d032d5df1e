using System.Buffers.Binary;
using System.Text;
using Percheron.Formats;

namespace Percheron.Tests.Formats;

/// <summary>Writes GGUF of any version field by field, right or wrong, and remembers where each field lies.</summary>
internal sealed class RawGguf
{
    private readonly MemoryStream _stream = new();
    private readonly int _lengthBytes;

    public RawGguf(int version, ulong tensors, ulong metadata)
    {
        _lengthBytes = version == 1 ? 4 : 8;
        Bytes("GGUF"u8);
        Number(4, (ulong)version);
        Length(tensors);
        Length(metadata);
    }

    /// <summary>Every integer written: offset and width.</summary>
    public List<(int Offset, int Bytes)> Fields { get; } = [];

    public byte[] ToArray() => _stream.ToArray();

    public long Position => _stream.Position;

    public RawGguf Number(int bytes, ulong value)
    {
        Fields.Add(((int)_stream.Position, bytes));
        Span<byte> field = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(field, value);
        _stream.Write(field[..bytes]);
        return this;
    }

    public RawGguf Length(ulong value) => Number(_lengthBytes, value);

    public RawGguf Bytes(ReadOnlySpan<byte> bytes)
    {
        _stream.Write(bytes);
        return this;
    }

    public RawGguf Text(string text) => Length((ulong)Encoding.UTF8.GetByteCount(text)).Bytes(Encoding.UTF8.GetBytes(text));

    /// <summary>Key and type; the value follows.</summary>
    public RawGguf Key(string key, GgufValueType type) => Text(key).Number(4, (ulong)type);

    /// <summary>Element type and count; the elements follow.</summary>
    public RawGguf Array(GgufValueType type, ulong count) => Number(4, (ulong)type).Length(count);

    public RawGguf Tensor(string name, TensorType type, ulong offset, params ulong[] dimensions)
    {
        Text(name).Number(4, (ulong)dimensions.Length);
        foreach (ulong dimension in dimensions) Length(dimension);
        return Number(4, (ulong)type).Number(8, offset);
    }

    public RawGguf Pad(int alignment)
    {
        while (_stream.Position % alignment != 0) _stream.WriteByte(0);
        return this;
    }

    /// <summary>A small file with every metadata type, nested arrays and one tensor of every decodable type (and one that is not).</summary>
    public static RawGguf Sample(int version)
    {
        TensorType[] types = [.. Enum.GetValues<TensorType>().Where(BlockCodec.CanDecode), TensorType.Q2_K];
        RawGguf file = new(version, (ulong)types.Length, 16);
        file.Key("general.architecture", GgufValueType.String).Text("llama");
        file.Key("general.alignment", GgufValueType.UInt32).Number(4, 32);
        file.Key("u8", GgufValueType.UInt8).Number(1, 200);
        file.Key("i8", GgufValueType.Int8).Number(1, 0xfe);
        file.Key("u16", GgufValueType.UInt16).Number(2, 65_000);
        file.Key("i16", GgufValueType.Int16).Number(2, 0xfffe);
        file.Key("i32", GgufValueType.Int32).Number(4, 7);
        file.Key("f32", GgufValueType.Float32).Number(4, 0x3f80_0000);
        file.Key("bool", GgufValueType.Bool).Number(1, 1);
        file.Key("u64", GgufValueType.UInt64).Number(8, 1UL << 40);
        file.Key("i64", GgufValueType.Int64).Number(8, ulong.MaxValue);
        file.Key("f64", GgufValueType.Float64).Number(8, 0x3ff0_0000_0000_0000);
        file.Key("tokens", GgufValueType.Array).Array(GgufValueType.String, 3).Text("<s>").Text("▁a").Text("");
        file.Key("ids", GgufValueType.Array).Array(GgufValueType.Int32, 3).Number(4, 1).Number(4, 2).Number(4, 3);
        file.Key("flags", GgufValueType.Array).Array(GgufValueType.Bool, 2).Number(1, 0).Number(1, 1);
        file.Key("nested", GgufValueType.Array).Array(GgufValueType.Array, 2).Array(GgufValueType.UInt8, 1).Number(1, 9).Array(GgufValueType.String, 1).Text("x");
        ulong offset = 0;
        foreach (TensorType type in types)
        {
            file.Tensor($"{type}", type, offset, 256, 2);
            offset += (ulong)(2 * BlockCodec.RowBytes(type, 256) + 31) / 32 * 32;
        }
        file.Pad(32);
        byte[] data = new byte[offset];
        new Random(5).NextBytes(data);
        return file.Bytes(data);
    }
}
