using System.Collections.Immutable;

namespace Percheron.Formats;

/// <summary>Parses and checks the header of a GGUF file, versions 1 to 3, before anything is trusted.</summary>
/// <remarks>Version 1 stores counts and lengths in 4 bytes, later versions in 8; nothing else differs.</remarks>
internal ref struct GgufHeader
{
    private const uint Magic = 0x46554747;
    private const int LongestKey = 65_535, DeepestArray = 4, MostDimensions = 4;
    private readonly MappedFile _file;
    private readonly int _lengthBytes;
    private ByteCursor _cursor;

    /// <summary>Reads on from <paramref name="offset"/> of a file whose version is already known.</summary>
    public GgufHeader(MappedFile file, long offset, int lengthBytes)
    {
        _file = file;
        _cursor = new ByteCursor(file, offset);
        _lengthBytes = lengthBytes;
    }

    /// <summary>Reads magic and version.</summary>
    public GgufHeader(MappedFile file)
    {
        _file = file;
        _cursor = new ByteCursor(file, 0);
        uint magic = (uint)_cursor.Unsigned(4, "the magic number");
        if (magic != Magic) throw _cursor.Fault(0, WrongMagic(magic));
        uint version = (uint)_cursor.Unsigned(4, "the version");
        if (version is > 3 or 0)
        {
            throw _cursor.Fault(4, version != 0 && (version & 0xffff) == 0
                ? "this GGUF file is big-endian; convert it to little-endian first"
                : $"GGUF version {version} is unknown; versions 1, 2 and 3 are read");
        }
        Version = (int)version;
        _lengthBytes = version == 1 ? 4 : 8;
    }

    public int Version { get; }

    /// <summary>The two counts that follow the version.</summary>
    public (long Tensors, long Metadata) Counts()
    {
        // The smallest tensor: empty name, one dimension; the smallest metadata entry: one-byte key, one-byte value.
        long tensors = _cursor.Count(_lengthBytes, 2 * _lengthBytes + 4 + 4 + 8, "the number of tensors");
        long metadata = _cursor.Count(_lengthBytes, _lengthBytes + 1 + 4 + 1, "the number of metadata entries");
        return (tensors, metadata);
    }

    public OrderedDictionary<string, GgufValue> Metadata(long count)
    {
        OrderedDictionary<string, GgufValue> entries = [];
        for (long i = 0; i < count; i++)
        {
            long at = _cursor.Position;
            string key = _cursor.Text(_lengthBytes, "a metadata key");
            if (key.Length is 0 or > LongestKey) throw _cursor.Fault(at, $"a metadata key has {key.Length} characters");
            if (!entries.TryAdd(key, Value())) throw _cursor.Fault(at, $"metadata key '{key}' appears twice");
        }
        return entries;
    }

    /// <summary>The tensor descriptions, with offsets made absolute and checked against the file and against each other.</summary>
    public TensorInfo[] Tensors(long count, long alignment)
    {
        List<TensorInfo> tensors = [];
        HashSet<string> names = [];
        for (long i = 0; i < count; i++)
        {
            TensorInfo tensor = Tensor(alignment);
            if (!names.Add(tensor.Name)) throw _cursor.Fault(tensor.DescribedAt, $"tensor '{tensor.Name}' appears twice");
            tensors.Add(tensor);
        }
        if (tensors.Count == 0) return [];
        long header = _cursor.Position;
        long data = (header + alignment - 1) / alignment * alignment;
        TensorInfo[] placed = new TensorInfo[tensors.Count];
        for (int i = 0; i < placed.Length; i++) placed[i] = Place(tensors[i], data);
        RefuseOverlaps(placed);
        return placed;
    }

    /// <summary>An array value: element type, count, elements (only checked here, decoded when asked for).</summary>
    public GgufValue Array()
    {
        long at = _cursor.Position;
        (GgufValueType type, long count, long offset) = PassArray(depth: 1);
        return new GgufValue(new GgufArray(_file, _lengthBytes, type, count, offset)) { DescribedAt = at };
    }

    private (GgufValueType Type, long Count, long Offset) PassArray(int depth)
    {
        long at = _cursor.Position;
        GgufValueType type = ValueType();
        long count = _cursor.Count(_lengthBytes, SmallestSize(type), "the length of an array");
        long offset = _cursor.Position;
        if (type == GgufValueType.Array)
        {
            if (depth == DeepestArray) throw _cursor.Fault(at, $"arrays are nested more than {DeepestArray} deep");
            for (long i = 0; i < count; i++) PassArray(depth + 1);
        }
        else PassElements(type, count);
        return (type, count, offset);
    }

    private unsafe void PassElements(GgufValueType type, long count)
    {
        if (type == GgufValueType.String)
        {
            for (long i = 0; i < count; i++) _cursor.Utf8Bytes(_lengthBytes, "a string of an array");
            return;
        }
        long at = _cursor.Position;
        byte* elements = _cursor.Take(count * SmallestSize(type), "an array");
        if (type != GgufValueType.Bool) return;
        for (long i = 0; i < count; i++)
            if (elements[i] > 1) throw _cursor.Fault(at + i, $"a truth value is {elements[i]}; only 0 and 1 are allowed");
    }

    private GgufValue Value()
    {
        long at = _cursor.Position;
        GgufValueType type = ValueType();
        if (type == GgufValueType.Array) return Array();
        object value = type switch
        {
            GgufValueType.String => _cursor.Text(_lengthBytes, "a metadata string"),
            GgufValueType.Bool => Truth(),
            _ => Number(type, _cursor.Unsigned(SmallestSize(type), "a metadata number")),
        };
        return GgufValue.Scalar(type, value, at);
    }

    private bool Truth()
    {
        long at = _cursor.Position;
        ulong value = _cursor.Unsigned(1, "a truth value");
        return value <= 1 ? value == 1 : throw _cursor.Fault(at, $"a truth value is {value}; only 0 and 1 are allowed");
    }

    private GgufValueType ValueType()
    {
        long at = _cursor.Position;
        GgufValueType type = (GgufValueType)_cursor.Unsigned(4, "the type of a metadata value");
        return type <= GgufValueType.Float64 ? type : throw _cursor.Fault(at, $"metadata value type {(uint)type} is unknown");
    }

    private readonly int SmallestSize(GgufValueType type) => type switch
    {
        GgufValueType.UInt8 or GgufValueType.Int8 or GgufValueType.Bool => 1,
        GgufValueType.UInt16 or GgufValueType.Int16 => 2,
        GgufValueType.UInt32 or GgufValueType.Int32 or GgufValueType.Float32 => 4,
        GgufValueType.String => _lengthBytes,
        GgufValueType.Array => 4 + _lengthBytes,
        _ => 8,
    };

    private static object Number(GgufValueType type, ulong bits) => type switch
    {
        GgufValueType.UInt8 => (object)(byte)bits,
        GgufValueType.Int8 => (sbyte)bits,
        GgufValueType.UInt16 => (ushort)bits,
        GgufValueType.Int16 => (short)bits,
        GgufValueType.UInt32 => (uint)bits,
        GgufValueType.Int32 => (int)bits,
        GgufValueType.Float32 => BitConverter.UInt32BitsToSingle((uint)bits),
        GgufValueType.UInt64 => bits,
        GgufValueType.Int64 => (long)bits,
        _ => BitConverter.UInt64BitsToDouble(bits),
    };

    /// <summary>One description; its offset is still relative to the data section.</summary>
    private TensorInfo Tensor(long alignment)
    {
        long at = _cursor.Position;
        string name = _cursor.Text(_lengthBytes, "a tensor name");
        if (name.Length is 0 or > LongestKey) throw _cursor.Fault(at, $"a tensor name has {name.Length} characters");
        ulong rank = _cursor.Unsigned(4, "the number of dimensions");
        if (rank is 0 or > MostDimensions) throw _cursor.Fault(at, $"tensor '{name}' has {rank} dimensions; 1 to {MostDimensions} are allowed");
        ImmutableArray<long>.Builder dimensions = ImmutableArray.CreateBuilder<long>((int)rank);
        Int128 elements = 1;
        for (ulong i = 0; i < rank; i++)
        {
            // Version 1 stored dimensions in 4 bytes, as it did counts.
            ulong size = _cursor.Unsigned(_lengthBytes, "a dimension");
            elements *= size;
            if (size == 0 || elements > long.MaxValue) throw _cursor.Fault(at, $"tensor '{name}' has a dimension of {size}, which cannot be");
            dimensions.Add((long)size);
        }
        long typeAt = _cursor.Position;
        TensorType type = (TensorType)_cursor.Unsigned(4, "a tensor type");
        if (!BlockCodec.IsKnown(type)) throw _cursor.Fault(typeAt, $"tensor '{name}' has the unknown type {(uint)type}");
        ulong offset = _cursor.Unsigned(8, "a tensor offset");
        if (offset % (ulong)alignment != 0) throw _cursor.Fault(at, $"tensor '{name}' lies at {offset} of the data, which is not a multiple of {alignment}");
        if (dimensions[0] % BlockCodec.BlockSize(type) != 0)
            throw _cursor.Fault(at, $"tensor '{name}' has {dimensions[0]} columns, which blocks of {BlockCodec.BlockSize(type)} ({type}) do not divide");
        Int128 bytes = elements / BlockCodec.BlockSize(type) * BlockCodec.BlockBytes(type);
        if (offset > long.MaxValue || bytes > _file.Length) throw OutOfRange(name, at, offset, bytes);
        return new TensorInfo(name, type, dimensions.MoveToImmutable(), (long)offset, (long)bytes) { DescribedAt = at };
    }

    private readonly TensorInfo Place(TensorInfo tensor, long data)
    {
        if ((Int128)data + tensor.Offset + tensor.ByteLength > _file.Length)
            throw OutOfRange(tensor.Name, tensor.DescribedAt, (ulong)tensor.Offset, tensor.ByteLength);
        return tensor with { Offset = data + tensor.Offset };
    }

    private readonly ModelFormatException OutOfRange(string name, long at, ulong offset, Int128 bytes) =>
        _cursor.Fault(at, $"tensor '{name}' claims {bytes} bytes at {offset} of the data, past the end of the file ({_file.Length} bytes); is it cut short?");

    private readonly void RefuseOverlaps(TensorInfo[] tensors)
    {
        TensorInfo[] ordered = [.. tensors.OrderBy(tensor => tensor.Offset)];
        for (int i = 1; i < ordered.Length; i++)
        {
            if (ordered[i].Offset < ordered[i - 1].Offset + ordered[i - 1].ByteLength)
                throw _cursor.Fault(ordered[i].DescribedAt, $"tensors '{ordered[i - 1].Name}' and '{ordered[i].Name}' overlap");
        }
    }

    private static string WrongMagic(uint magic) => magic switch
    {
        0x67676d6c or 0x67676d66 or 0x67676a74 or 0x67676c61 => "this is an old GGML file from before GGUF; convert it to GGUF first",
        0x04034b50 => "this is a zip archive (a PyTorch checkpoint?), not a GGUF file",
        _ => "this is not a GGUF file (it does not begin with 'GGUF')",
    };
}
