using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace Percheron.Cli.Bench;

/// <summary>
/// The prompts of a file: one for each line of a text file; of a <c>.jsonl</c> file the field <c>prompt</c>, the first of <c>turns</c>, or <c>question</c>, as the field's
/// own sets have them. Either may be compressed (<c>.gz</c>).
/// </summary>
internal static class PromptList
{
    private static readonly string[] Fields = ["prompt", "turns", "question"];

    /// <exception cref="Failure">The file cannot be read, or a line holds no prompt.</exception>
    public static IReadOnlyList<string> Read(string path)
    {
        if (!File.Exists(path)) throw new Failure($"--prompt-file: there is no file '{path}'.");
        bool compressed = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);
        string name = compressed ? path[..^3] : path;
        using Stream stream = compressed ? new GZipStream(File.OpenRead(path), CompressionMode.Decompress) : File.OpenRead(path);
        using StreamReader reader = new(stream, Encoding.UTF8);
        bool json = name.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".ndjson", StringComparison.OrdinalIgnoreCase);
        var prompts = new List<string>();
        int number = 0;
        while (reader.ReadLine() is { } line)
        {
            number++;
            if (string.IsNullOrWhiteSpace(line)) continue;
            prompts.Add(json ? Prompt(line) ?? throw new Failure($"--prompt-file: line {number} of '{path}' is not a JSON object with prompt, turns or question.") : line);
        }
        return prompts.Count > 0 ? prompts : throw new Failure($"--prompt-file: '{path}' holds no prompt.");
    }

    private static string? Prompt(string line)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            if (document.RootElement.ValueKind != JsonValueKind.Object) return null;
            foreach (string field in Fields)
            {
                if (!document.RootElement.TryGetProperty(field, out JsonElement value)) continue;
                if (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0) value = value[0];
                if (value.ValueKind == JsonValueKind.String) return value.GetString();
            }
            return null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
