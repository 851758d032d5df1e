using System.Text.Json;

namespace Percheron.Codecs.HuggingFace;

/// <summary>Reads a Hugging Face <c>tokenizer.json</c>: BPE over bytes or characters, and unigram.</summary>
internal sealed class TokenizerJson
{
    private readonly JsonFields _fields;
    private readonly JsonElement _root;
    private readonly JsonElement _model;
    private readonly PreTokenizerJson _pre;
    private readonly NormalizerJson _normalizer;
    private readonly List<(AddedToken Token, bool Normalized)> _added = [];

    private TokenizerJson(JsonFields fields, JsonElement root)
    {
        (_fields, _root) = (fields, root);
        _model = fields.Member(root, "model", JsonValueKind.Object);
        _pre = new PreTokenizerJson(fields);
        if (JsonFields.Has(root, "pre_tokenizer", out JsonElement pre)) _pre.Read(pre);
        _normalizer = new NormalizerJson(fields);
        if (JsonFields.Has(root, "normalizer", out JsonElement normalizer)) _normalizer.Read(normalizer);
    }

    public static Tokenizer Read(string path) => Read(path, File.ReadAllBytes(path));

    /// <param name="path">For messages, and to find <c>tokenizer_config.json</c> beside it.</param>
    /// <param name="content">What the file holds.</param>
    public static Tokenizer Read(string path, ReadOnlyMemory<byte> content) => JsonFields.Read(path, content, (fields, root) => new TokenizerJson(fields, root).Build());

    private WordTokenizer Build()
    {
        // Files written before models had a type are BPE where they list merges.
        string type = _fields.Text(_model, "type", JsonFields.Has(_model, "merges", out _) ? "BPE" : "Unigram");
        return type switch
        {
            "BPE" => BuildBpe(),
            "Unigram" => BuildUnigram(),
            _ => throw _fields.Fault($"tokenizer model '{type}' is not supported; known are BPE and Unigram"),
        };
    }

    private WordTokenizer BuildBpe()
    {
        foreach (string affix in (ReadOnlySpan<string>)["continuing_subword_prefix", "end_of_word_suffix"])
            if (_fields.Text(_model, affix, "").Length > 0) throw _fields.Fault($"BPE with a '{affix}' is not supported");
        VocabularyBuilder vocabulary = new(_fields);
        vocabulary.AddAll(_fields.Member(_model, "vocab", JsonValueKind.Object));
        (string, string)[] merges = [.. _fields.Items(_model, "merges").Select(Merge)];
        foreach ((string left, string right) in merges)
            if (!vocabulary.TryGetId(left, out _) || !vocabulary.TryGetId(right, out _) || !vocabulary.TryGetId(left + right, out _))
                throw _fields.Fault($"the merge of '{left}' and '{right}' names a text that is no token");
        bool byteLevel = _pre.IsByteLevel || (JsonFields.Has(_root, "decoder", out JsonElement decoder) && _fields.Text(decoder, "type") == "ByteLevel");
        int? unknown = Unknown(vocabulary, _fields.Text(_model, "unk_token", ""));
        TokenizerModel model = Model(vocabulary, unknown, byteLevel ? PieceForm.ByteLevel : PieceForm.MarkedSpaces, merges, []);
        return byteLevel ? new ByteLevelBpe(model) : new PieceBpe(model) { FusesUnknown = _fields.Flag(_model, "fuse_unk", false) };
    }

    private Unigram BuildUnigram()
    {
        VocabularyBuilder vocabulary = new(_fields);
        List<float> scores = [];
        foreach (JsonElement entry in _fields.Items(_model, "vocab"))
        {
            if (entry.ValueKind != JsonValueKind.Array || entry.GetArrayLength() != 2 || entry[1].ValueKind != JsonValueKind.Number || !float.IsFinite((float)entry[1].GetDouble()))
                throw _fields.Fault($"entry {scores.Count} of the vocabulary should be a token and its score");
            vocabulary.Add(_fields.Text(entry[0], "token", scores.Count), scores.Count);
            scores.Add((float)entry[1].GetDouble());
        }
        int? unknown = null;
        if (JsonFields.Has(_model, "unk_id", out JsonElement id))
        {
            unknown = _fields.Id(id, "the unknown token");
            if (unknown >= scores.Count) throw _fields.Fault($"the id of the unknown token is {unknown}, but the vocabulary has {scores.Count} tokens");
        }
        return new Unigram(Model(vocabulary, unknown, PieceForm.MarkedSpaces, [], scores));
    }

    private TokenizerModel Model(VocabularyBuilder vocabulary, int? unknown, PieceForm form, (string, string)[] merges, List<float> scores)
    {
        ReadAdded(vocabulary);
        bool bytes = _fields.Flag(_model, "byte_fallback", false);
        string[] tokens = vocabulary.ToTokens();
        TokenKind[] kinds = vocabulary.ToKinds(tokens, bytes);
        foreach ((AddedToken token, _) in _added) kinds[token.Id] = token.IsSpecial ? TokenKind.Control : TokenKind.UserDefined;
        if (unknown is { } unk) kinds[unk] = TokenKind.Unknown;
        SpecialTokensJson named = new(_fields, _root, vocabulary);
        SpecialIds special = SpecialIds.Of(tokens, kinds, (named.Bos, named.Eos, unknown ?? named.Unknown, named.Pad));
        while (scores.Count > 0 && scores.Count < tokens.Length) scores.Add(0);
        // Splitters expect the text the normalizer left, marks and all; without splitters the marks are cheaper made later.
        bool marksLater = _pre.Stages.Count == 0 && _pre.Marks is null && form == PieceForm.MarkedSpaces;
        Normalizer? normalizer = _normalizer.ToNormalizer(marksLater);
        bool after = normalizer is not null;
        return new TokenizerModel(_fields.Path, tokens, kinds)
        {
            Scores = [.. scores],
            Merges = merges,
            Form = form,
            Stages = [.. _pre.Stages],
            IgnoreMerges = _fields.Flag(_model, "ignore_merges", false),
            HasByteFallback = bytes,
            Normalizer = normalizer,
            Marks = form == PieceForm.ByteLevel ? null : _pre.Marks ?? (marksLater ? _normalizer.Marks : _normalizer.Marks is null ? null : new SpaceMarks(SpacePrefix.None, EndsWords: false)),
            PrefixesSpace = _pre.PrefixesSpace,
            StripsLeadingSpace = JsonFields.Has(_root, "decoder", out JsonElement decoder) && StripsSpace(decoder),
            Bos = special.Bos,
            Eos = special.Eos,
            Unknown = special.Unknown,
            Pad = special.Pad,
            EndOfGeneration = special.EndOfGeneration,
            AddBos = named.AddBos,
            AddEos = named.AddEos,
            Added = [.. _added.Where(added => !after || !added.Normalized || added.Token.IsSpecial).Select(added => added.Token)],
            AddedAfterNormalizing = [.. _added.Where(added => after && added.Normalized && !added.Token.IsSpecial).Select(added => added.Token with { Text = normalizer!.Normalize(added.Token.Text) })],
        };
    }

    private void ReadAdded(VocabularyBuilder vocabulary)
    {
        if (!JsonFields.Has(_root, "added_tokens", out _)) return;
        foreach (JsonElement entry in _fields.Items(_root, "added_tokens"))
        {
            string text = _fields.Text(entry, "content");
            int id = _fields.Id(_fields.Member(entry, "id", JsonValueKind.Number), $"added token '{text}'");
            if (vocabulary.TryGetId(text, out int known)) id = known;
            else vocabulary.Add(text, id);
            bool special = _fields.Flag(entry, "special", false);
            _added.Add((new AddedToken(id, text, special)
            {
                StripsLeft = _fields.Flag(entry, "lstrip", false),
                StripsRight = _fields.Flag(entry, "rstrip", false),
                WholeWord = _fields.Flag(entry, "single_word", false),
            }, _fields.Flag(entry, "normalized", !special)));
        }
    }

    private (string, string) Merge(JsonElement entry, int rank)
    {
        string[] parts = entry.ValueKind switch
        {
            JsonValueKind.String => entry.GetString()!.Split(' '),
            JsonValueKind.Array => [.. entry.EnumerateArray().Select(part => _fields.Text(part, "merge", rank))],
            _ => [],
        };
        return parts is [{ Length: > 0 } left, { Length: > 0 } right] ? (left, right) : throw _fields.Fault($"merge {rank} should be two symbols");
    }

    private int? Unknown(VocabularyBuilder vocabulary, string token)
    {
        if (token.Length == 0) return null;
        return vocabulary.TryGetId(token, out int id) ? id : throw _fields.Fault($"the unknown token '{token}' is not in the vocabulary");
    }

    private bool StripsSpace(JsonElement decoder) => _fields.Text(decoder, "type") switch
    {
        "Sequence" => _fields.Items(decoder, "decoders").Any(StripsSpace),
        "Strip" => _fields.Text(decoder, "content", "") == " " && JsonFields.Has(decoder, "start", out JsonElement start) && start.ValueKind == JsonValueKind.Number && start.TryGetInt32(out int count) && count > 0,
        "Metaspace" => _fields.Text(decoder, "prepend_scheme", _fields.Flag(decoder, "add_prefix_space", true) ? "always" : "never") != "never",
        _ => false,
    };
}
