using System.Text.Json;
using Percheron.Formats;

namespace Percheron.Codecs.HuggingFace;

/// <summary>Typed reading of a JSON file from strangers: what is missing or of the wrong type ends in one clear error.</summary>
internal sealed class JsonFields(string path)
{
    public string Path => path;

    /// <summary>Reads a file and hands its root object to <paramref name="read"/>.</summary>
    public static T Read<T>(string path, Func<JsonFields, JsonElement, T> read) => Read(path, File.ReadAllBytes(path), read);

    /// <summary>Reads the content of a file and hands its root object to <paramref name="read"/>.</summary>
    public static T Read<T>(string path, ReadOnlyMemory<byte> bytes, Func<JsonFields, JsonElement, T> read)
    {
        JsonFields fields = new(path);
        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Disallow });
            if (document.RootElement.ValueKind != JsonValueKind.Object) throw fields.Fault("the file should hold an object");
            return read(fields, document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or ArgumentException or NotSupportedException)
        {
            // A string that is not Unicode is found only when it is read, and is an invalid operation then.
            throw new ModelFormatException(path, (e as JsonException)?.BytePositionInLine ?? 0, $"damaged JSON: {e.Message}", e);
        }
    }

    public ModelFormatException Fault(string reason) => new(path, 0, reason);

    /// <summary>A member that is there and not null.</summary>
    public static bool Has(JsonElement parent, string name, out JsonElement member) =>
        parent.TryGetProperty(name, out member) && member.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined);

    public JsonElement Member(JsonElement parent, string name, JsonValueKind kind)
    {
        if (parent.ValueKind != JsonValueKind.Object || !Has(parent, name, out JsonElement member)) throw Fault($"'{name}' is missing");
        return member.ValueKind == kind ? member : throw Fault($"'{name}' should be {Name(kind)}, but is {Name(member.ValueKind)}");
    }

    public string Text(JsonElement parent, string name) => Member(parent, name, JsonValueKind.String).GetString()!;

    public string Text(JsonElement parent, string name, string fallback) => Has(parent, name, out _) ? Text(parent, name) : fallback;

    public bool Flag(JsonElement parent, string name, bool fallback)
    {
        if (!Has(parent, name, out JsonElement member)) return fallback;
        return member.ValueKind switch { JsonValueKind.True => true, JsonValueKind.False => false, _ => throw Fault($"'{name}' should be true or false") };
    }

    public IEnumerable<JsonElement> Items(JsonElement parent, string name) => Member(parent, name, JsonValueKind.Array).EnumerateArray();

    public string Text(JsonElement element, string what, int at) =>
        element.ValueKind == JsonValueKind.String ? element.GetString()! : throw Fault($"{what} {at} should be a string");

    /// <summary>An id: a whole number from 0.</summary>
    public int Id(JsonElement element, string what) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out int id) && id >= 0 ? id : throw Fault($"the id of {what} should be a whole number from 0");

    private static string Name(JsonValueKind kind) => kind.ToString().ToLowerInvariant();
}
