using System.Text.Json;
using Percheron.Formats;

namespace Percheron.Models.Heads;

/// <summary>A head as it is published on Hugging Face, a folder with <c>config.json</c> and safetensors, put into the form of our GGUF files.</summary>
internal sealed class HeadFolder : IDisposable
{
    private const long LargestConfig = 1 << 20;

    /// <summary>Who recognises a folder by its <c>config.json</c>, and puts its tensors and sizes into our form.</summary>
    private static readonly (Func<HeadFolder, bool> Is, Action<HeadFolder, GgufWriter> Convert)[] Layouts = [(PublishedMedusa.Is, PublishedMedusa.Convert)];

    private readonly string _path;
    private readonly JsonDocument _config;
    private SafetensorsFile? _tensors;

    private HeadFolder(string path)
    {
        _path = path;
        string config = ConfigOf(path);
        if (new FileInfo(config).Length > LargestConfig) throw new ModelFormatException(config, 0, "it is larger than any description of a head");
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
    /// <exception cref="ModelFormatException">It is damaged, of a layout that is not known, or its tensors are in no safetensors file.</exception>
    public static GgufFile Open(string path)
    {
        using HeadFolder folder = new(path);
        GgufWriter writer = new();
        foreach ((Func<HeadFolder, bool> recognises, Action<HeadFolder, GgufWriter> convert) in Layouts)
        {
            if (!recognises(folder)) continue;
            convert(folder, writer);
            return GgufFile.InMemory(path, writer);
        }
        throw folder.Fault("it describes no head of a known layout");
    }

    /// <summary>Whether the description has a value of this name.</summary>
    public bool Has(string key) => _config.RootElement.ValueKind == JsonValueKind.Object && _config.RootElement.TryGetProperty(key, out _);

    /// <summary>A whole number of the description.</summary>
    /// <exception cref="ModelFormatException">It is not there, or out of range.</exception>
    public int Integer(string key, int least, int most, int? fallback = null)
    {
        if (!Has(key) && fallback is int known) return known;
        if (!Has(key)) throw Fault($"'{key}' is missing");
        JsonElement value = _config.RootElement.GetProperty(key);
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) && number >= least && number <= most ? number : throw Fault($"'{key}' should be a whole number, {least} to {most}");
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

    /// <summary>Copies a tensor under a name of ours.</summary>
    /// <exception cref="ModelFormatException">It is missing, or of a type that is not read.</exception>
    public unsafe void Copy(string name, GgufWriter writer, string ours)
    {
        SafetensorsInfo tensor = _tensors!.Tensor(name);
        if (tensor.Shape.Length is not (1 or 2) || tensor.Elements == 0) throw _tensors.Fault(tensor, $"tensor '{name}' is neither a vector nor a matrix");
        SafetensorsFile file = _tensors;
        if (tensor.Shape.Length == 1)
        {
            writer.AddTensor(ours, TensorType.F32, [tensor.Elements], file.ReadFloats(tensor).AsMemory());
            return;
        }
        TensorType type = tensor.Type switch
        {
            SafetensorsType.F32 => TensorType.F32,
            SafetensorsType.F16 => TensorType.F16,
            SafetensorsType.BF16 => TensorType.BF16,
            _ => throw file.Fault(tensor, $"tensor '{name}' is stored as {tensor.Type}, which is not supported; F32, F16 and BF16 are"),
        };
        writer.AddTensor(ours, type, [tensor.Columns, tensor.Rows], stream =>
        {
            byte* data = file.Data(tensor);
            for (long at = 0, count; at < tensor.ByteLength; at += count) stream.Write(new ReadOnlySpan<byte>(data + at, (int)(count = Math.Min(tensor.ByteLength - at, 1 << 20))));
        });
    }

    /// <summary>What is wrong with the description.</summary>
    public ModelFormatException Fault(string reason) => new(ConfigOf(_path), 0, reason);

    /// <inheritdoc/>
    public void Dispose()
    {
        _config.Dispose();
        _tensors?.Dispose();
    }

    private static string ConfigOf(string path) => Path.Combine(path, "config.json");
}
