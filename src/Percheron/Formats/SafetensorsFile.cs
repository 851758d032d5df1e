using System.Diagnostics.CodeAnalysis;

namespace Percheron.Formats;

/// <summary>A safetensors model, one file or many shards, mapped into memory: weights are used where they lie.</summary>
/// <remarks>Everything the headers say is checked when the model is opened; after <see cref="Dispose"/> weights are out of reach.</remarks>
public sealed unsafe class SafetensorsFile : IDisposable
{
    private const string Single = "model.safetensors", Index = "model.safetensors.index.json";
    private readonly Dictionary<string, SafetensorsShard> _shards = [];
    private readonly OrderedDictionary<string, SafetensorsInfo> _tensors;
    private readonly Dictionary<string, string> _metadata = [];

    private SafetensorsFile(string path, SafetensorsShard only)
    {
        Path = path;
        _shards.Add(path, only);
        (_tensors, _metadata) = (only.Tensors, only.Metadata);
    }

    private SafetensorsFile(SafetensorsIndex index)
    {
        Path = index.Path;
        _tensors = [];
        try
        {
            foreach ((string name, (string shard, long at)) in index.Tensors) Add(index, name, shard, at);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The file or index that was opened.</summary>
    public string Path { get; }

    /// <summary>The free-form strings of all shards; where shards disagree, of the first.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _metadata;

    /// <summary>In the order of the header, or of the index.</summary>
    public IReadOnlyList<SafetensorsInfo> Tensors => _tensors.Values;

    /// <summary>Opens a <c>.safetensors</c> file, an index (<c>.json</c>), or the folder that holds one of them.</summary>
    /// <exception cref="ModelFormatException">A file is damaged, hostile or not safetensors; a shard or a tensor is missing.</exception>
    /// <exception cref="IOException">The file does not exist or cannot be read.</exception>
    public static SafetensorsFile Open(string path)
    {
        if (Directory.Exists(path)) path = Find(path);
        return path.EndsWith(".json", StringComparison.OrdinalIgnoreCase)
            ? new SafetensorsFile(SafetensorsIndex.Read(path))
            : new SafetensorsFile(path, SafetensorsShard.Open(path));
    }

    public bool TryGetTensor(string name, [NotNullWhen(true)] out SafetensorsInfo? tensor) => _tensors.TryGetValue(name, out tensor);

    /// <exception cref="ModelFormatException">The model has no tensor of that name.</exception>
    public SafetensorsInfo Tensor(string name) =>
        _tensors.TryGetValue(name, out SafetensorsInfo? tensor) ? tensor : throw new ModelFormatException(Path, 0, $"tensor '{name}' is missing");

    /// <summary>First byte of a tensor's elements; valid until <see cref="Dispose"/>, not aligned.</summary>
    public byte* Data(SafetensorsInfo tensor) => _shards.TryGetValue(tensor.Shard, out SafetensorsShard? shard)
        ? shard.Data(tensor)
        : throw new ArgumentException($"tensor '{tensor.Name}' is not of this model", nameof(tensor));

    /// <summary>Decodes one row into <paramref name="destination"/> <c>[columns]</c>.</summary>
    /// <exception cref="ModelFormatException">The elements are neither F32, F16 nor BF16.</exception>
    public void ReadRow(SafetensorsInfo tensor, long row, Span<float> destination)
    {
        TensorType type = tensor.Type switch
        {
            SafetensorsType.F32 => TensorType.F32,
            SafetensorsType.F16 => TensorType.F16,
            SafetensorsType.BF16 => TensorType.BF16,
            _ => throw Fault(tensor, $"tensor '{tensor.Name}' is stored as {tensor.Type}, which is not supported; F32, F16 and BF16 are"),
        };
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((ulong)row, (ulong)tensor.Rows);
        long bytes = BlockCodec.RowBytes(type, tensor.Columns);
        BlockCodec.Decode(type, new ReadOnlySpan<byte>(Data(tensor) + row * bytes, checked((int)bytes)), destination);
    }

    /// <summary>Decodes a whole tensor into a fresh array, <c>[rows, columns]</c>.</summary>
    /// <exception cref="ModelFormatException">The elements are neither F32, F16 nor BF16, or too many for an array.</exception>
    public float[] ReadFloats(SafetensorsInfo tensor)
    {
        if (tensor.Elements > Array.MaxLength) throw Fault(tensor, $"tensor '{tensor.Name}' has {tensor.Elements} elements, too many for one array");
        float[] values = new float[tensor.Elements];
        if (values.Length == 0) return values;
        int columns = (int)tensor.Columns;
        for (int row = 0; row < tensor.Rows; row++) ReadRow(tensor, row, values.AsSpan(row * columns, columns));
        return values;
    }

    /// <summary>An error about a tensor, pointing at its description.</summary>
    public ModelFormatException Fault(SafetensorsInfo tensor, string reason) => new(tensor.Shard, tensor.DescribedAt, reason);

    public void Dispose()
    {
        foreach (SafetensorsShard shard in _shards.Values) shard.Dispose();
    }

    private void Add(SafetensorsIndex index, string name, string shardName, long at)
    {
        string path = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(index.Path) ?? "", shardName);
        if (!_shards.TryGetValue(path, out SafetensorsShard? shard))
        {
            if (!File.Exists(path)) throw new ModelFormatException(index.Path, at, $"shard '{shardName}' is missing");
            shard = SafetensorsShard.Open(path);
            _shards.Add(path, shard);
            foreach ((string key, string value) in shard.Metadata) _metadata.TryAdd(key, value);
        }
        if (!shard.Tensors.TryGetValue(name, out SafetensorsInfo? tensor))
            throw new ModelFormatException(index.Path, at, $"shard '{shardName}' does not hold tensor '{name}'");
        _tensors.Add(name, tensor);
    }

    private static string Find(string folder)
    {
        foreach (string name in new[] { Single, Index })
            if (File.Exists(System.IO.Path.Combine(folder, name))) return System.IO.Path.Combine(folder, name);
        string[] candidates = Directory.GetFiles(folder, "*.safetensors");
        return candidates.Length == 1
            ? candidates[0]
            : throw new ModelFormatException(folder, 0, $"this folder holds neither {Single} nor {Index}");
    }
}
