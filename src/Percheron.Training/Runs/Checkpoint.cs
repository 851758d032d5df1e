using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using static TorchSharp.torch;

namespace Percheron.Training.Runs;

/// <summary>
/// A file of a JSON header and FP32 tensors, replaced in one move, so that a run killed at any moment leaves the last good one.
/// Layout: eight bytes of magic, header length (int32), header, then the tensors end to end in the order of the header's names.
/// </summary>
public static class Checkpoint
{
    private static readonly byte[] Magic = "PERCKPT1"u8.ToArray();

    /// <summary>Writes header and tensors.</summary>
    public static void Save<T>(string path, T header, IReadOnlyList<(string Name, Tensor Value)> tensors)
    {
        string partial = path + ".partial";
        using (FileStream file = File.Create(partial))
        {
            var text = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new Envelope<T>(header, [.. tensors.Select(t => new Entry(t.Name, t.Value.shape))])));
            file.Write(Magic);
            file.Write(BitConverter.GetBytes(text.Length));
            file.Write(text);
            foreach ((_, Tensor value) in tensors) file.Write(MemoryMarshal.AsBytes(value.data<float>().ToArray().AsSpan()));
            file.Flush(flushToDisk: true);
        }
        File.Move(partial, path, overwrite: true);
    }

    /// <summary>Reads the header alone.</summary>
    /// <exception cref="InvalidDataException">The file is no checkpoint.</exception>
    public static T Header<T>(string path)
    {
        using FileStream file = File.OpenRead(path);
        return Open<T>(file, path).Header;
    }

    /// <summary>Reads the header, and every tensor into the one of the same name; all must be there, in this order, with the same shapes.</summary>
    /// <exception cref="InvalidDataException">The file is no checkpoint, or of another network.</exception>
    public static T Load<T>(string path, IReadOnlyList<(string Name, Tensor Value)> tensors)
    {
        using FileStream file = File.OpenRead(path);
        Envelope<T> envelope = Open<T>(file, path);
        using IDisposable fixedValues = no_grad();
        if (envelope.Tensors.Length < tensors.Count) throw new InvalidDataException($"'{path}' holds {envelope.Tensors.Length} tensors, expected {tensors.Count}: it belongs to another network.");
        for (int i = 0; i < tensors.Count; i++)
        {
            (string name, Tensor value) = tensors[i];
            if (envelope.Tensors[i].Name != name || !envelope.Tensors[i].Shape.SequenceEqual(value.shape))
                throw new InvalidDataException($"'{path}' holds '{envelope.Tensors[i].Name}' where '{name}' [{string.Join(", ", value.shape)}] was expected: it belongs to another network.");
            var data = new float[value.numel()];
            file.ReadExactly(MemoryMarshal.AsBytes(data.AsSpan()));
            using Tensor read = tensor(data, value.shape);
            value.copy_(read);
        }
        return envelope.Header;
    }

    private static Envelope<T> Open<T>(FileStream file, string path)
    {
        var start = new byte[Magic.Length + 4];
        file.ReadExactly(start);
        int length = BitConverter.ToInt32(start, Magic.Length);
        if (!start.AsSpan().StartsWith(Magic) || length < 0 || length > file.Length) throw new InvalidDataException($"'{path}' is no checkpoint of percheron-train.");
        var text = new byte[length];
        file.ReadExactly(text);
        return JsonSerializer.Deserialize<Envelope<T>>(text) ?? throw new InvalidDataException($"'{path}' has an empty header.");
    }

    private sealed record Envelope<T>(T Header, Entry[] Tensors);

    private sealed record Entry(string Name, long[] Shape);
}
