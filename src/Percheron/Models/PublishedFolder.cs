using System.Text.Json;
using Percheron.Formats;

namespace Percheron.Models;

/// <summary>Weights as they are published on Hugging Face, a folder with <c>config.json</c> and safetensors, put into the form of our GGUF files.</summary>
internal sealed class PublishedFolder : IDisposable
{
    private const long LargestConfig = 1 << 20;

    private readonly string _path;
    private readonly JsonDocument _config;
    private SafetensorsFile? _tensors;

    private PublishedFolder(string path)
    {
        _path = path;
        string config = ConfigOf(path);
        if (new FileInfo(config).Length > LargestConfig) throw new ModelFormatException(config, 0, "it is larger than any description of a model");
        try
        {
            _config = JsonDocument.Parse(File.ReadAllBytes(config));
        }
        catch (JsonException malformed)
        {
            throw new ModelFormatException(config, malformed.BytePositionInLine ?? 0, $"the JSON is malformed: {malformed.Message}", malformed);
        }
    }

    /// <summary>Whether a path is such a folder.</summary>
    public static bool Holds(string path) => File.Exists(ConfigOf(path));

    /// <summary>Reads one.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="kind">What it should hold, for the message.</param>
    /// <param name="layouts">Who recognises a folder by its <c>config.json</c>, and puts its tensors and sizes into our form.</param>
    /// <exception cref="ModelFormatException">It is damaged, of a layout that is not known, or its tensors are in no safetensors file.</exception>
    public static GgufFile Open(string path, string kind, params ReadOnlySpan<(Func<PublishedFolder, bool> Is, Action<PublishedFolder, GgufWriter> Convert)> layouts)
    {
        using PublishedFolder folder = new(path);
        GgufWriter writer = new();
        foreach ((Func<PublishedFolder, bool> recognises, Action<PublishedFolder, GgufWriter> convert) in layouts)
        {
            if (!recognises(folder)) continue;
            convert(folder, writer);
            return GgufFile.InMemory(path, writer);
        }
        throw folder.Fault($"it describes no {kind} of a known layout");
    }

    /// <summary>Whether the description has a value of this name.</summary>
    public bool Has(string key) => Find(key) is { ValueKind: not JsonValueKind.Null };

    /// <summary>A whole number of the description.</summary>
    /// <exception cref="ModelFormatException">It is not there, or out of range.</exception>
    public int Integer(string key, int least, int most, int? fallback = null)
    {
        if (!Has(key) && fallback is int known) return known;
        if (!Has(key)) throw Fault($"'{key}' is missing");
        return Find(key) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out int number) && number >= least && number <= most ? number : throw Fault($"'{key}' should be a whole number, {least} to {most}");
    }

    /// <summary>A positive number of the description.</summary>
    /// <exception cref="ModelFormatException">It is something else.</exception>
    public float Number(string key, float fallback)
    {
        if (!Has(key)) return fallback;
        return Find(key) is { ValueKind: JsonValueKind.Number } value && value.TryGetSingle(out float number) && float.IsFinite(number) && number > 0 ? number : throw Fault($"'{key}' should be a positive number");
    }

    /// <summary>A text of the description; null where there is none.</summary>
    public string? Text(string key) => Find(key) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    /// <summary>Whether the description says that something is so.</summary>
    public bool Flag(string key) => Find(key) is { ValueKind: JsonValueKind.True };

    /// <summary>The pairs of whole numbers in a list of the description; none where there is no list, and what is no such pair is passed over.</summary>
    public IEnumerable<(int First, int Second)> Pairs(string key)
    {
        if (Find(key) is not { ValueKind: JsonValueKind.Array } list) yield break;
        foreach (JsonElement pair in list.EnumerateArray())
            if (pair.ValueKind == JsonValueKind.Array && pair.GetArrayLength() == 2 && pair[0].ValueKind == JsonValueKind.Number && pair[1].ValueKind == JsonValueKind.Number && pair[0].TryGetInt32(out int first) && pair[1].TryGetInt32(out int second)) yield return (first, second);
    }

    /// <summary>Opens the tensors: the first of these files that there is.</summary>
    /// <exception cref="ModelFormatException">There is none, or it is damaged.</exception>
    public SafetensorsFile Tensors(params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
            if (File.Exists(Path.Combine(_path, name))) return _tensors = SafetensorsFile.Open(Path.Combine(_path, name));
        foreach (string name in names)
        {
            string pickle = Path.ChangeExtension(Path.Combine(_path, name), ".pt"), other = Path.Combine(_path, "pytorch_model.bin");
            if (File.Exists(pickle) || File.Exists(other))
                throw new ModelFormatException(File.Exists(pickle) ? pickle : other, 0, $"a pickle can run anything when it is read and is not opened here; save its tensors as {name} with safetensors.torch.save_file");
        }
        throw new ModelFormatException(_path, 0, $"there is no {string.Join(" or ", names!)} in it");
    }

    /// <summary>Copies a tensor under a name of ours; a kernel of a convolution [outputs, inputs, width] becomes a matrix [outputs, inputs · width].</summary>
    /// <exception cref="ModelFormatException">It is missing, or of a type that is not read.</exception>
    public void Copy(string name, GgufWriter writer, string ours) => Copy(name, writer, ours, static row => row);

    /// <summary>Copies a tensor whose rows, or values where it is a vector, stand in another order here.</summary>
    /// <param name="name">Its name there.</param>
    /// <param name="writer">Where it goes.</param>
    /// <param name="ours">Its name here.</param>
    /// <param name="source">Which of its rows each of ours is.</param>
    public unsafe void Copy(string name, GgufWriter writer, string ours, Func<long, long> source)
    {
        SafetensorsInfo tensor = _tensors!.Tensor(name);
        if (tensor.Shape.Length is not (1 or 2 or 3) || tensor.Elements == 0) throw _tensors.Fault(tensor, $"tensor '{name}' is neither a vector nor a matrix");
        (long rows, long columns) = (tensor.Shape[0], tensor.Elements / tensor.Shape[0]);
        SafetensorsFile file = _tensors;
        if (tensor.Shape.Length == 1)
        {
            float[] values = file.ReadFloats(tensor);
            writer.AddTensor(ours, TensorType.F32, [tensor.Elements], Enumerable.Range(0, values.Length).Select(i => values[source(i)]).ToArray().AsMemory());
            return;
        }
        TensorType type = tensor.Type switch
        {
            SafetensorsType.F32 => TensorType.F32,
            SafetensorsType.F16 => TensorType.F16,
            SafetensorsType.BF16 => TensorType.BF16,
            _ => throw file.Fault(tensor, $"tensor '{name}' is stored as {tensor.Type}, which is not supported; F32, F16 and BF16 are"),
        };
        writer.AddTensor(ours, type, [columns, rows], stream =>
        {
            byte* data = file.Data(tensor);
            int bytes = checked((int)(tensor.ByteLength / rows));
            for (long row = 0; row < rows; row++) stream.Write(new ReadOnlySpan<byte>(data + (source(row) * bytes), bytes));
        });
    }

    /// <summary>The whole numbers in a vector of 64 bits each.</summary>
    /// <exception cref="ModelFormatException">It is missing, or something else.</exception>
    public unsafe long[] Integers(string name)
    {
        SafetensorsInfo tensor = _tensors!.Tensor(name);
        if (tensor.Type != SafetensorsType.I64 || tensor.Shape.Length != 1 || tensor.Elements > int.MaxValue / sizeof(long)) throw _tensors.Fault(tensor, $"tensor '{name}' is no vector of I64");
        return System.Runtime.InteropServices.MemoryMarshal.Cast<byte, long>(new ReadOnlySpan<byte>(_tensors.Data(tensor), (int)tensor.ByteLength)).ToArray();
    }

    /// <summary>What is wrong with the description.</summary>
    public ModelFormatException Fault(string reason) => new(ConfigOf(_path), 0, reason);

    /// <inheritdoc/>
    public void Dispose()
    {
        _config.Dispose();
        _tensors?.Dispose();
    }

    // A name with a dot is one within another.
    private JsonElement? Find(string key)
    {
        JsonElement at = _config.RootElement;
        foreach (string name in key.Split('.'))
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out at)) return null;
        return at;
    }

    private static string ConfigOf(string path) => Path.Combine(path, "config.json");
}
