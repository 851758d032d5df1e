using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Unicode;

namespace Percheron.Formats;

/// <summary>Parses and checks the JSON header of a safetensors file before anything is trusted.</summary>
/// <remarks>As the reference reader does, it insists that the tensors cover the data without overlap and without holes.</remarks>
internal sealed class SafetensorsHeader
{
    private const int Longest = 100_000_000, LengthBytes = 8;
    private readonly MappedFile _file;
    private readonly long _dataStart;

    public unsafe SafetensorsHeader(MappedFile file)
    {
        _file = file;
        if (file.Length < LengthBytes) throw Fault(0, "the file ends inside the length of the header");
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(new ReadOnlySpan<byte>(file.Start, LengthBytes));
        if (length > (ulong)(file.Length - LengthBytes))
            throw Fault(0, $"the header has a length of {length} bytes, but only {file.Length - LengthBytes} remain; is this a safetensors file?");
        if (length > Longest) throw Fault(0, $"the header has a length of {length} bytes; more than {Longest} are not allowed");
        _dataStart = LengthBytes + (long)length;
        ReadOnlySpan<byte> json = new(file.Start + LengthBytes, (int)length);
        if (!Utf8.IsValid(json)) throw Fault(LengthBytes, "the header is not valid UTF-8");
        Read(new JsonCursor(file.Path, json, LengthBytes));
        RequireCoverage();
    }

    /// <summary>The free-form strings of <c>__metadata__</c>.</summary>
    public Dictionary<string, string> Metadata { get; } = [];

    public OrderedDictionary<string, SafetensorsInfo> Tensors { get; } = [];

    private void Read(JsonCursor cursor)
    {
        bool metadata = false;
        cursor.Next(JsonTokenType.StartObject, "the header");
        while (cursor.Next() != JsonTokenType.EndObject)
        {
            long at = cursor.Position;
            string name = cursor.Text("a tensor name");
            if (name == "__metadata__")
            {
                if (metadata) throw Fault(at, "__metadata__ appears twice");
                metadata = true;
                ReadMetadata(ref cursor);
            }
            else if (!Tensors.TryAdd(name, ReadTensor(ref cursor, name, at))) throw Fault(at, $"tensor '{name}' appears twice");
        }
        cursor.End();
    }

    private void ReadMetadata(ref JsonCursor cursor)
    {
        cursor.Next(JsonTokenType.StartObject, "__metadata__");
        while (cursor.Next() != JsonTokenType.EndObject)
        {
            long at = cursor.Position;
            string key = cursor.Text("a metadata key");
            cursor.Next(JsonTokenType.String, "a metadata value");
            if (!Metadata.TryAdd(key, cursor.Text("a metadata value"))) throw Fault(at, $"metadata key '{key}' appears twice");
        }
    }

    private SafetensorsInfo ReadTensor(ref JsonCursor cursor, string name, long at)
    {
        SafetensorsType? type = null;
        ImmutableArray<long>? shape = null, offsets = null;
        cursor.Next(JsonTokenType.StartObject, "the description of a tensor");
        while (cursor.Next() != JsonTokenType.EndObject)
        {
            string field = cursor.Text("a field of a tensor");
            if (field switch { "dtype" => type.HasValue, "shape" => shape.HasValue, "data_offsets" => offsets.HasValue, _ => false })
                throw cursor.Fault($"tensor '{name}' has the field '{field}' twice");
            switch (field)
            {
                case "dtype": type = ReadType(ref cursor, name); break;
                case "shape": shape = ReadSizes(ref cursor, "shape", "a number in shape"); break;
                case "data_offsets": offsets = ReadSizes(ref cursor, "data_offsets", "a number in data_offsets"); break;
                default: throw cursor.Fault($"tensor '{name}' has the unknown field '{field}'");
            }
        }
        if (type is null || shape is null || offsets is null) throw Fault(at, $"tensor '{name}' lacks one of dtype, shape, data_offsets");
        if (offsets.Value.Length != 2) throw Fault(at, $"tensor '{name}' has {offsets.Value.Length} data_offsets instead of 2");
        return Place(name, type.Value, shape.Value, (offsets.Value[0], offsets.Value[1]), at);
    }

    private SafetensorsInfo Place(string name, SafetensorsType type, ImmutableArray<long> shape, (long Begin, long End) data, long at)
    {
        long room = _file.Length - _dataStart;
        if (data.Begin > data.End || data.End > room)
            throw Fault(at, $"tensor '{name}' claims bytes {data.Begin} to {data.End} of {room} bytes of data; is the file cut short?");
        Int128 bytes = ElementBytes(type);
        foreach (long size in shape)
        {
            bytes *= size;
            if (bytes > long.MaxValue) throw Fault(at, $"tensor '{name}' has an absurd shape [{string.Join(", ", shape.Take(8))}]");
        }
        if (bytes != data.End - data.Begin)
            throw Fault(at, $"tensor '{name}' has {data.End - data.Begin} bytes, but {type} [{string.Join(", ", shape.Take(8))}] takes {bytes}");
        return new SafetensorsInfo(name, type, shape, _file.Path, _dataStart + data.Begin, data.End - data.Begin) { DescribedAt = at };
    }

    private static SafetensorsType ReadType(ref JsonCursor cursor, string name)
    {
        cursor.Next(JsonTokenType.String, "dtype");
        string text = cursor.Text("a dtype");
        // A name, not a number: Enum.TryParse alone would take "3".
        return Enum.TryParse(text, out SafetensorsType type) && type.ToString() == text ? type : throw cursor.Fault($"tensor '{name}' has the unknown dtype '{text}'");
    }

    private static ImmutableArray<long> ReadSizes(ref JsonCursor cursor, string field, string number)
    {
        ImmutableArray<long>.Builder sizes = ImmutableArray.CreateBuilder<long>(4);
        cursor.Next(JsonTokenType.StartArray, field);
        while (cursor.Next() != JsonTokenType.EndArray) sizes.Add(cursor.Size(number));
        return sizes.ToImmutable();
    }

    private void RequireCoverage()
    {
        long covered = _dataStart;
        string previous = "";
        foreach (SafetensorsInfo tensor in Tensors.Values.OrderBy(tensor => tensor.Offset).ThenBy(tensor => tensor.ByteLength))
        {
            if (tensor.Offset < covered) throw Fault(tensor.DescribedAt, $"tensors '{previous}' and '{tensor.Name}' overlap");
            if (tensor.Offset > covered) throw Fault(covered, $"{tensor.Offset - covered} bytes before tensor '{tensor.Name}' belong to no tensor");
            (covered, previous) = (tensor.Offset + tensor.ByteLength, tensor.Name);
        }
        if (covered != _file.Length) throw Fault(covered, $"{_file.Length - covered} bytes at the end belong to no tensor");
    }

    private static int ElementBytes(SafetensorsType type) => type switch
    {
        SafetensorsType.I16 or SafetensorsType.U16 or SafetensorsType.F16 or SafetensorsType.BF16 => 2,
        SafetensorsType.I32 or SafetensorsType.U32 or SafetensorsType.F32 => 4,
        SafetensorsType.F64 or SafetensorsType.I64 or SafetensorsType.U64 => 8,
        _ => 1,
    };

    private ModelFormatException Fault(long offset, string reason) => new(_file.Path, offset, reason);
}
