namespace Percheron.Formats;

/// <summary>A GGUF file (versions 1 to 3), mapped into memory: metadata is read at once, weights are used where they lie.</summary>
/// <remarks>Everything the header says is checked when the file is opened; after <see cref="Dispose"/> weights and arrays are out of reach.</remarks>
public sealed unsafe class GgufFile : IDisposable
{
    private const string AlignmentKey = "general.alignment";
    private readonly MappedFile _file;
    private readonly OrderedDictionary<string, GgufValue> _metadata;
    private readonly TensorInfo[] _tensors;
    private readonly Dictionary<string, TensorInfo> _byName;

    private GgufFile(MappedFile file)
    {
        _file = file;
        GgufHeader header = new(file);
        Version = header.Version;
        (long tensors, long metadata) = header.Counts();
        _metadata = header.Metadata(metadata);
        Alignment = ReadAlignment();
        _tensors = header.Tensors(tensors, Alignment);
        _byName = _tensors.ToDictionary(tensor => tensor.Name);
    }

    /// <summary>1, 2 or 3.</summary>
    public int Version { get; }

    /// <summary>Every tensor begins at a multiple of this many bytes after the first one; 32 unless the file says otherwise.</summary>
    public uint Alignment { get; }

    public string Path => _file.Path;

    public long FileLength => _file.Length;

    /// <summary>In the order of the file.</summary>
    public IReadOnlyDictionary<string, GgufValue> Metadata => _metadata;

    /// <summary>In the order of the file's header.</summary>
    public IReadOnlyList<TensorInfo> Tensors => _tensors;

    /// <exception cref="ModelFormatException">The file is damaged, hostile or not GGUF.</exception>
    /// <exception cref="IOException">The file does not exist or cannot be read.</exception>
    public static GgufFile Open(string path) => Read(MappedFile.Open(path));

    /// <summary>A file that exists in memory only: what <paramref name="writer"/> would write.</summary>
    /// <param name="path">What messages call it.</param>
    /// <param name="writer">Used once, here.</param>
    /// <exception cref="ModelFormatException">What it writes is damaged.</exception>
    public static GgufFile InMemory(string path, GgufWriter writer) => Read(MappedFile.InMemory(path, writer.MostBytes, writer.Write));

    private static GgufFile Read(MappedFile file)
    {
        try
        {
            return new GgufFile(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public bool TryGetTensor(string name, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out TensorInfo? tensor) => _byName.TryGetValue(name, out tensor);

    /// <exception cref="ModelFormatException">The file has no tensor of that name.</exception>
    public TensorInfo Tensor(string name) =>
        _byName.TryGetValue(name, out TensorInfo? tensor) ? tensor : throw new ModelFormatException(Path, 0, $"tensor '{name}' is missing");

    /// <summary>First byte of a tensor's weights; valid until <see cref="Dispose"/>, aligned as the file aligns it.</summary>
    public byte* Data(TensorInfo tensor)
    {
        byte* start = _file.Start;
        if (tensor.Offset < 0 || tensor.ByteLength < 0 || tensor.Offset > FileLength - tensor.ByteLength)
            throw new ArgumentException($"tensor '{tensor.Name}' is not of this file", nameof(tensor));
        return start + tensor.Offset;
    }

    /// <summary>A tensor's stored bytes; valid until <see cref="Dispose"/>.</summary>
    /// <exception cref="ArgumentException">The tensor is larger than a span may be (2 GB); use <see cref="Data"/>.</exception>
    public ReadOnlySpan<byte> Bytes(TensorInfo tensor) => tensor.ByteLength <= int.MaxValue
        ? new(Data(tensor), (int)tensor.ByteLength)
        : throw new ArgumentException($"tensor '{tensor.Name}' is larger than a span", nameof(tensor));

    /// <summary>Decodes one row into <paramref name="destination"/> <c>[columns]</c>.</summary>
    /// <exception cref="ModelFormatException">The tensor's type is one Percheron does not decode.</exception>
    public void ReadRow(TensorInfo tensor, long row, Span<float> destination)
    {
        if (!BlockCodec.CanDecode(tensor.Type)) throw Fault(tensor, $"tensor '{tensor.Name}' is stored as {tensor.Type}, which is not supported; use a file in one of {BlockCodec.Decodable}");
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((ulong)row, (ulong)tensor.Rows);
        BlockCodec.Decode(tensor.Type, new ReadOnlySpan<byte>(Data(tensor) + row * tensor.RowBytes, checked((int)tensor.RowBytes)), destination);
    }

    /// <summary>Decodes a whole tensor into a fresh array, <c>[rows, columns]</c>.</summary>
    /// <exception cref="ModelFormatException">The tensor's type is one Percheron does not decode, or it is too large for an array.</exception>
    public float[] ReadFloats(TensorInfo tensor)
    {
        if (tensor.Elements > Array.MaxLength) throw Fault(tensor, $"tensor '{tensor.Name}' has {tensor.Elements} elements, too many for one array");
        float[] values = new float[tensor.Elements];
        int columns = (int)tensor.Columns;
        for (int row = 0; row < tensor.Rows; row++) ReadRow(tensor, row, values.AsSpan(row * columns, columns));
        return values;
    }

    /// <summary>An error about a tensor, pointing at its description.</summary>
    public ModelFormatException Fault(TensorInfo tensor, string reason) => new(Path, tensor.DescribedAt, reason);

    /// <summary>An error about a metadata entry, pointing at its value; at the start of the file where it is missing.</summary>
    public ModelFormatException Fault(string key, string reason) => new(Path, _metadata.TryGetValue(key, out GgufValue? value) ? value.DescribedAt : 0, reason);

    public void Dispose() => _file.Dispose();

    private uint ReadAlignment()
    {
        if (!_metadata.TryGetValue(AlignmentKey, out GgufValue? value)) return 32;
        if (!value.TryInteger(out uint alignment) || !System.Numerics.BitOperations.IsPow2(alignment))
            throw Fault(AlignmentKey, $"{AlignmentKey} must be a power of two");
        return alignment;
    }
}
