namespace Percheron.Formats;

/// <summary>One mapped safetensors file.</summary>
internal sealed unsafe class SafetensorsShard : IDisposable
{
    private readonly MappedFile _file;

    private SafetensorsShard(MappedFile file)
    {
        _file = file;
        SafetensorsHeader header = new(file);
        (Metadata, Tensors) = (header.Metadata, header.Tensors);
    }

    public Dictionary<string, string> Metadata { get; }

    /// <summary>In the order of the header.</summary>
    public OrderedDictionary<string, SafetensorsInfo> Tensors { get; }

    public static SafetensorsShard Open(string path)
    {
        MappedFile file = MappedFile.Open(path);
        try
        {
            return new SafetensorsShard(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public byte* Data(SafetensorsInfo tensor)
    {
        byte* start = _file.Start;
        if (tensor.Offset < 0 || tensor.ByteLength < 0 || tensor.Offset > _file.Length - tensor.ByteLength)
            throw new ArgumentException($"tensor '{tensor.Name}' is not of this file", nameof(tensor));
        return start + tensor.Offset;
    }

    public void Dispose() => _file.Dispose();
}
