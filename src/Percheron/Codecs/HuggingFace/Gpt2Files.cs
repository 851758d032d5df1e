using System.Text;
using System.Text.Json;
using Percheron.Codecs.Splitters;

namespace Percheron.Codecs.HuggingFace;

/// <summary>Reads the pair of files in which GPT-2 and its like were published.</summary>
internal static class Gpt2Files
{
    public static Tokenizer Read(string encoderPath, string mergesPath)
    {
        (string, string)[] merges = Merges(mergesPath);
        return JsonFields.Read(encoderPath, (fields, root) => Build(fields, root, merges));
    }

    private static ByteLevelBpe Build(JsonFields fields, JsonElement root, (string, string)[] merges)
    {
        VocabularyBuilder vocabulary = new(fields);
        vocabulary.AddAll(root);
        string[] tokens = vocabulary.ToTokens();
        TokenKind[] kinds = vocabulary.ToKinds(tokens, hasBytes: false);
        int? end = vocabulary.TryGetId("<|endoftext|>", out int id) ? id : null;
        SpecialIds special = SpecialIds.Of(tokens, kinds, (end, end, null, null));
        PatternCatalog.TryGet("gpt-2", out PatternCatalog.Pattern pattern);
        return new ByteLevelBpe(new TokenizerModel(fields.Path, tokens, kinds)
        {
            Merges = merges,
            Form = PieceForm.ByteLevel,
            Stages = pattern.Stages,
            Bos = special.Bos,
            Eos = special.Eos,
            EndOfGeneration = special.EndOfGeneration,
            Added = end is { } added ? [new AddedToken(added, tokens[added], IsSpecial: true)] : [],
        });
    }

    private static (string, string)[] Merges(string path)
    {
        JsonFields fields = new(path);
        List<(string, string)> merges = [];
        foreach (string line in File.ReadAllText(path, Encoding.UTF8).Split('\n'))
        {
            string merge = line.TrimEnd('\r');
            if (merge.Length == 0 || (merges.Count == 0 && merge.StartsWith("#version", StringComparison.Ordinal))) continue;
            string[] parts = merge.Split(' ');
            if (parts.Length != 2 || parts[0].Length == 0 || parts[1].Length == 0) throw fields.Fault($"merge {merges.Count}, '{merge}', is not two symbols with a space between");
            merges.Add((parts[0], parts[1]));
        }
        return [.. merges];
    }
}
