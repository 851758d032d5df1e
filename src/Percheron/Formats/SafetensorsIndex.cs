using System.Text.Json;
using System.Text.Unicode;

namespace Percheron.Formats;

/// <summary>The <c>model.safetensors.index.json</c> of a sharded model: which file holds which tensor.</summary>
/// <remarks>Shards must lie beside the index: a name that leads elsewhere is refused.</remarks>
internal sealed class SafetensorsIndex
{
    private SafetensorsIndex(MappedFile file) => Path = file.Path;

    public string Path { get; }

    /// <summary>Tensor name to shard file name, and where the index says so, in its order.</summary>
    public OrderedDictionary<string, (string Shard, long At)> Tensors { get; } = [];

    public static unsafe SafetensorsIndex Read(string path)
    {
        using MappedFile file = MappedFile.Open(path);
        if (file.Length > 1 << 30) throw new ModelFormatException(path, 0, "an index of more than 1 GB is not possible");
        ReadOnlySpan<byte> json = new(file.Start, (int)file.Length);
        if (!Utf8.IsValid(json)) throw new ModelFormatException(path, 0, "the index is not valid UTF-8");
        SafetensorsIndex index = new(file);
        bool found = false;
        JsonCursor cursor = new(path, json, 0);
        cursor.Next(JsonTokenType.StartObject, "the index");
        while (cursor.Next() != JsonTokenType.EndObject)
        {
            if (cursor.Text("a field") != "weight_map")
            {
                cursor.Skip();
                continue;
            }
            if (found) throw cursor.Fault("weight_map appears twice");
            found = true;
            index.ReadMap(ref cursor);
        }
        cursor.End();
        return found ? index : throw new ModelFormatException(path, 0, "the index has no weight_map");
    }

    private void ReadMap(ref JsonCursor cursor)
    {
        cursor.Next(JsonTokenType.StartObject, "weight_map");
        while (cursor.Next() != JsonTokenType.EndObject)
        {
            long at = cursor.Position;
            string name = cursor.Text("a tensor name");
            cursor.Next(JsonTokenType.String, "the shard of a tensor");
            string shard = cursor.Text("a shard");
            if (!IsPlainName(shard)) throw cursor.Fault($"shard '{shard}' is not a plain file name; shards must lie beside the index");
            if (!Tensors.TryAdd(name, (shard, at))) throw new ModelFormatException(Path, at, $"tensor '{name}' appears twice");
        }
    }

    private static bool IsPlainName(string name) =>
        name.Length > 0 && name is not ("." or "..") && name.IndexOfAny(['/', '\\', ':', '\0']) < 0;
}
