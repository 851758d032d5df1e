using System.Globalization;
using System.Text.Json.Nodes;
using Percheron.Formats;

namespace Percheron.Cli.Output;

/// <summary>Metadata of a GGUF file as JSON, with long arrays shortened.</summary>
internal static class MetadataText
{
    private const int Longest = 16, Shown = 4;

    /// <summary>All entries, in the order of the file.</summary>
    public static JsonObject Of(GgufFile file)
    {
        JsonObject metadata = [];
        foreach ((string key, GgufValue value) in file.Metadata) metadata[key] = Node(value);
        return metadata;
    }

    /// <summary>One entry for a person: long strings and arrays cut, control characters replaced.</summary>
    public static string Display(JsonNode? node)
    {
        string text = node switch
        {
            JsonObject cut => $"{cut["count"]} × {cut["type"]}: {string.Join(", ", cut["first"]!.AsArray().Select(Display))}, …",
            JsonArray all => "[" + string.Join(", ", all.Select(Display)) + "]",
            _ => node?.ToString() ?? "",
        };
        text = string.Concat(text.Select(c => char.IsControl(c) ? '·' : c));
        return text.Length <= 100 ? text : text[..99] + "…";
    }

    private static JsonNode? Node(GgufValue value)
    {
        if (!value.IsArray) return Scalar(value.ToObject());
        var elements = (Array)value.ToObject();
        if (elements.Length <= Longest) return new JsonArray([.. elements.Cast<object>().Select(Element)]);
        return new JsonObject
        {
            ["type"] = value.ElementType.ToString(),
            ["count"] = elements.Length,
            ["first"] = new JsonArray([.. elements.Cast<object>().Take(Shown).Select(Element)]),
        };
    }

    private static JsonNode? Element(object element) => element is GgufValue nested ? Node(nested) : Scalar(element);

    private static JsonNode? Scalar(object value) => value switch
    {
        string text => JsonValue.Create(text),
        bool truth => JsonValue.Create(truth),
        float single => float.IsFinite(single) ? JsonValue.Create(single) : JsonValue.Create(single.ToString(CultureInfo.InvariantCulture)),
        double wide => double.IsFinite(wide) ? JsonValue.Create(wide) : JsonValue.Create(wide.ToString(CultureInfo.InvariantCulture)),
        ulong large => JsonValue.Create(large),
        _ => JsonValue.Create(Convert.ToInt64(value, CultureInfo.InvariantCulture)),
    };
}
