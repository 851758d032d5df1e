using System.Text.Json;

namespace Percheron.Codecs.HuggingFace;

/// <summary>Collects tokens by id, in any order, and checks that they make a vocabulary.</summary>
internal sealed class VocabularyBuilder(JsonFields fields)
{
    private readonly Dictionary<string, int> _ids = [];
    private readonly Dictionary<int, string> _texts = [];
    private int _highest = -1;

    public bool TryGetId(string token, out int id) => _ids.TryGetValue(token, out id);

    public void Add(string token, int id)
    {
        if (!_ids.TryAdd(token, id)) throw fields.Fault($"token '{token}' occurs twice");
        if (!_texts.TryAdd(id, token)) throw fields.Fault($"tokens '{_texts[id]}' and '{token}' have the same id {id}");
        _highest = Math.Max(_highest, id);
    }

    /// <summary>Adds an object from token to id.</summary>
    public void AddAll(JsonElement vocabulary)
    {
        foreach (JsonProperty entry in vocabulary.EnumerateObject()) Add(entry.Name, fields.Id(entry.Value, $"token '{entry.Name}'"));
    }

    /// <summary>Tokens by id; ids nobody has are empty texts.</summary>
    public string[] ToTokens()
    {
        if (_ids.Count == 0) throw fields.Fault("the vocabulary is empty");
        // Files leave gaps, but a small file must not ask for a large table.
        if (_highest > 4L * _ids.Count + 0x10000) throw fields.Fault($"id {_highest} is far beyond the {_ids.Count} tokens there are");
        string[] tokens = new string[_highest + 1];
        tokens.AsSpan().Fill("");
        foreach ((string token, int id) in _ids) tokens[id] = token;
        return tokens;
    }

    public TokenKind[] ToKinds(string[] tokens, bool hasBytes)
    {
        TokenKind[] kinds = new TokenKind[tokens.Length];
        for (int id = 0; id < kinds.Length; id++)
            kinds[id] = tokens[id].Length == 0 ? TokenKind.Unused : hasBytes && Pieces.ByteValue(tokens[id]) >= 0 ? TokenKind.Byte : TokenKind.Normal;
        return kinds;
    }
}
