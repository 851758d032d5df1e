using System.Collections.Immutable;
using System.Numerics;

namespace Percheron.Formats;

/// <summary>Collects metadata and tensors and writes them as a GGUF version 3 file.</summary>
/// <remarks>Weights are produced while the file is written, one tensor at a time, so a file may be larger than memory.</remarks>
public sealed class GgufWriter
{
    private const string AlignmentKey = "general.alignment";
    private readonly OrderedDictionary<string, GgufValue> _metadata = [];
    private readonly OrderedDictionary<string, Tensor> _tensors = [];

    /// <summary>Bytes that the file does not exceed, strings and arrays of the metadata left out of account up to 64 KiB in all.</summary>
    internal long MostBytes => (1 << 16) + (_metadata.Count * 256L) + _tensors.Values.Sum(tensor => tensor.ByteLength + tensor.Name.Length + 256L);

    private sealed record Tensor(string Name, TensorType Type, ImmutableArray<long> Dimensions, long ByteLength, Action<Stream> Write);

    /// <summary>Adds a metadata entry; every .NET number, <c>bool</c>, <c>string</c> and array of them converts to a value. <c>general.alignment</c> (a <c>uint</c>) sets the alignment, 32 without it.</summary>
    /// <exception cref="ArgumentException">The key is empty, too long or there already, or the alignment is not a power of two.</exception>
    public void Add(string key, GgufValue value)
    {
        RequireName(key, nameof(key));
        if (key == AlignmentKey && !(value.TryInteger(out uint alignment) && BitOperations.IsPow2(alignment)))
            throw new ArgumentException($"{AlignmentKey} must be a power of two", nameof(value));
        if (!_metadata.TryAdd(key, value)) throw new ArgumentException($"metadata key '{key}' is there already", nameof(key));
    }

    /// <summary>Adds a tensor whose stored bytes <paramref name="write"/> puts into the stream, exactly as many as type and dimensions call for.</summary>
    /// <param name="name">Unique in the file.</param>
    /// <param name="type">Storage; the block must divide the first dimension.</param>
    /// <param name="dimensions">One to four sizes, columns first.</param>
    /// <param name="write">Called once per written file; must not seek.</param>
    /// <exception cref="ArgumentException">Name or dimensions are not possible.</exception>
    public void AddTensor(string name, TensorType type, ReadOnlySpan<long> dimensions, Action<Stream> write)
    {
        RequireName(name, nameof(name));
        if (dimensions.Length is 0 or > 4) throw new ArgumentException($"tensor '{name}' has {dimensions.Length} dimensions; 1 to 4 are allowed", nameof(dimensions));
        long bytes = BlockCodec.RowBytes(type, dimensions[0]);
        foreach (long dimension in dimensions)
            if (dimension <= 0) throw new ArgumentException($"tensor '{name}' has a dimension of {dimension}", nameof(dimensions));
        foreach (long dimension in dimensions[1..]) bytes = checked(bytes * dimension);
        if (!_tensors.TryAdd(name, new Tensor(name, type, [.. dimensions], bytes, write)))
            throw new ArgumentException($"tensor '{name}' is there already", nameof(name));
    }

    /// <summary>Adds a tensor from its stored bytes; the memory must stay as it is until the file is written.</summary>
    /// <exception cref="ArgumentException">Name or dimensions are not possible, or the bytes are not as many as they call for.</exception>
    public void AddTensor(string name, TensorType type, ReadOnlySpan<long> dimensions, ReadOnlyMemory<byte> bytes)
    {
        AddTensor(name, type, dimensions, stream => stream.Write(bytes.Span));
        RequireLength(name, _tensors[name].ByteLength, bytes.Length);
    }

    /// <summary>Adds a tensor from numbers <c>[rows, columns]</c>, encoded as <paramref name="type"/> while the file is written; the memory must stay as it is until then.</summary>
    /// <exception cref="ArgumentException">Name or dimensions are not possible, or the numbers are not as many as they call for.</exception>
    /// <exception cref="NotSupportedException">The type cannot be encoded.</exception>
    public void AddTensor(string name, TensorType type, ReadOnlySpan<long> dimensions, ReadOnlyMemory<float> values)
    {
        if (!BlockCodec.CanEncode(type)) throw new NotSupportedException($"{type} weights cannot be encoded");
        int columns = checked((int)dimensions[0]);
        AddTensor(name, type, dimensions, stream =>
        {
            byte[] row = new byte[BlockCodec.RowBytes(type, columns)];
            for (ReadOnlySpan<float> rest = values.Span; rest.Length > 0; rest = rest[columns..])
            {
                BlockCodec.Encode(type, rest[..columns], row);
                stream.Write(row);
            }
        });
        RequireLength(name, _tensors[name].ByteLength, values.Length % columns == 0 ? BlockCodec.RowBytes(type, values.Length) : -1);
    }

    /// <summary>Writes the file; what stood at <paramref name="path"/> is replaced only when everything is on the disk.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    /// <exception cref="InvalidOperationException">A tensor's source wrote the wrong number of bytes.</exception>
    public void Write(string path)
    {
        string partial = path + ".partial";
        try
        {
            using (FileStream stream = new(partial, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16))
            {
                Write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(partial, path, overwrite: true);
        }
        catch
        {
            File.Delete(partial);
            throw;
        }
    }

    /// <summary>Writes the file to a seekable stream whose position is 0.</summary>
    /// <exception cref="InvalidOperationException">A tensor's source wrote the wrong number of bytes.</exception>
    public void Write(Stream stream)
    {
        long alignment = _metadata.TryGetValue(AlignmentKey, out GgufValue? value) && value.TryInteger(out long chosen) ? chosen : 32;
        GgufEncoder encoder = new(stream);
        encoder.Write("GGUF"u8);
        encoder.UInt32(3);
        encoder.UInt64((ulong)_tensors.Count);
        encoder.UInt64((ulong)_metadata.Count);
        foreach ((string key, GgufValue entry) in _metadata)
        {
            encoder.Text(key);
            encoder.Value(entry);
        }
        WriteDescriptions(encoder, alignment);
        foreach (Tensor tensor in _tensors.Values)
        {
            encoder.Pad(alignment);
            long start = stream.Position;
            tensor.Write(stream);
            if (stream.Position - start != tensor.ByteLength)
                throw new InvalidOperationException($"the source of tensor '{tensor.Name}' wrote {stream.Position - start} bytes, not {tensor.ByteLength}");
        }
        // Other readers expect the last tensor padded too.
        encoder.Pad(alignment);
    }

    private void WriteDescriptions(GgufEncoder encoder, long alignment)
    {
        long offset = 0;
        foreach (Tensor tensor in _tensors.Values)
        {
            encoder.Text(tensor.Name);
            encoder.UInt32((uint)tensor.Dimensions.Length);
            foreach (long dimension in tensor.Dimensions) encoder.UInt64((ulong)dimension);
            encoder.UInt32((uint)tensor.Type);
            encoder.UInt64((ulong)offset);
            offset = (offset + tensor.ByteLength + alignment - 1) / alignment * alignment;
        }
    }

    private static void RequireName(string name, string parameter)
    {
        if (name.Length is 0 or > 65_535) throw new ArgumentException($"a name of {name.Length} characters is not possible", parameter);
    }

    private void RequireLength(string name, long expected, long given)
    {
        if (expected == given) return;
        _tensors.Remove(name);
        throw new ArgumentException($"the data of tensor '{name}' does not have the length its dimensions call for");
    }
}
