using Percheron.Codecs.Splitters;
using Percheron.Formats;

namespace Percheron.Codecs;

/// <summary>Reads the <c>tokenizer.ggml.*</c> metadata of a GGUF file, with the defaults llama.cpp gives to what a file leaves out.</summary>
internal static class GgufVocabulary
{
    private const string Prefix = "tokenizer.ggml.";

    public static Tokenizer Read(GgufFile file)
    {
        string method = file.GetString(Prefix + "model");
        string[] tokens = Tokens(file);
        TokenKind[] kinds = Kinds(file, tokens.Length);
        return method switch
        {
            "gpt2" => ReadByteLevel(file, tokens, kinds),
            "llama" => ReadPieces(file, tokens, kinds),
            "t5" => ReadUnigram(file, tokens, kinds),
            _ => throw file.Fault(Prefix + "model", $"tokenizer '{method}' is not supported; known are gpt2 (byte-level BPE), llama (SentencePiece) and t5 (unigram)"),
        };
    }

    private static ByteLevelBpe ReadByteLevel(GgufFile file, string[] tokens, TokenKind[] kinds)
    {
        string name = file.GetString(Prefix + "pre", "default");
        if (!PatternCatalog.TryGet(name, out PatternCatalog.Pattern pattern))
            throw file.Fault(Prefix + "pre", $"pre-tokenizer '{name}' is not known; known are {string.Join(", ", PatternCatalog.Names)}");
        SpecialIds special = SpecialIds.Read(file, tokens, kinds, null, null, null);
        return new ByteLevelBpe(new TokenizerModel(file.Path, tokens, kinds)
        {
            Merges = Merges(file),
            Form = PieceForm.ByteLevel,
            Stages = pattern.Stages,
            IgnoreMerges = pattern.IgnoreMerges,
            Bos = special.Bos,
            Eos = special.Eos,
            Unknown = special.Unknown,
            Pad = special.Pad,
            EndOfGeneration = special.EndOfGeneration,
            AddBos = file.GetBool(Prefix + "add_bos_token", pattern.AddBos),
            AddEos = file.GetBool(Prefix + "add_eos_token", false),
            Added = Added(tokens, kinds, stripsRight: _ => false),
        });
    }

    private static PieceBpe ReadPieces(GgufFile file, string[] tokens, TokenKind[] kinds)
    {
        SpecialIds special = SpecialIds.Read(file, tokens, kinds, bos: 1, eos: 2, unknown: 0);
        // phi-3 was trained with the white space after its special tokens removed; the file does not say so.
        string name = file.GetString("general.name", "").ToLowerInvariant();
        bool stripsRight = name.Contains("phi-3", StringComparison.Ordinal) || name.Contains("phi3", StringComparison.Ordinal);
        bool prefixes = file.GetBool(Prefix + "add_space_prefix", true);
        return new PieceBpe(new TokenizerModel(file.Path, tokens, kinds)
        {
            Scores = Scores(file, tokens.Length),
            Form = PieceForm.MarkedSpaces,
            Bos = special.Bos,
            Eos = special.Eos,
            Unknown = special.Unknown,
            Pad = special.Pad,
            EndOfGeneration = special.EndOfGeneration,
            AddBos = file.GetBool(Prefix + "add_bos_token", true),
            AddEos = file.GetBool(Prefix + "add_eos_token", false),
            Marks = new SpaceMarks(prefixes ? SpacePrefix.Always : SpacePrefix.None, EndsWords: false),
            StripsLeadingSpace = prefixes,
            Added = Added(tokens, kinds, id => stripsRight && tokens[id] is not ("<unk>" or "<s>" or "<|endoftext|>")),
        });
    }

    private static Unigram ReadUnigram(GgufFile file, string[] tokens, TokenKind[] kinds)
    {
        SpecialIds special = SpecialIds.Read(file, tokens, kinds, bos: null, eos: 1, unknown: 2);
        bool collapses = file.GetBool(Prefix + "remove_extra_whitespaces", false);
        bool prefixes = collapses || file.GetBool(Prefix + "add_space_prefix", false);
        return new Unigram(new TokenizerModel(file.Path, tokens, kinds)
        {
            HasByteFallback = false,
            Scores = Scores(file, tokens.Length),
            Form = PieceForm.MarkedSpaces,
            Normalizer = new Normalizer
            {
                Characters = Characters(file),
                CollapsesSpaces = collapses,
            },
            Bos = special.Bos,
            Eos = special.Eos,
            Unknown = special.Unknown,
            Pad = special.Pad ?? 0,
            EndOfGeneration = special.EndOfGeneration,
            AddBos = file.GetBool(Prefix + "add_bos_token", false),
            AddEos = file.GetBool(Prefix + "add_eos_token", true),
            Marks = new SpaceMarks(prefixes ? SpacePrefix.Always : SpacePrefix.None, EndsWords: false),
            StripsLeadingSpace = prefixes,
            Added = Added(tokens, kinds, _ => false),
        });
    }

    private static CharacterMap? Characters(GgufFile file)
    {
        const string Key = Prefix + "precompiled_charsmap";
        if (!file.Metadata.TryGetValue(Key, out GgufValue? stored)) return null;
        byte[] map = stored.IsArray && stored.ToObject() is byte[] or sbyte[] ? (byte[])stored.ToObject() : [];
        return CharacterMap.TryRead(map) ?? throw file.Fault(Key, "the character map is damaged");
    }

    private static float[] Scores(GgufFile file, int count)
    {
        const string Key = Prefix + "scores";
        if (!file.Metadata.TryGetValue(Key, out GgufValue? stored)) return [];
        float[] scores = stored is { IsArray: true, ElementType: GgufValueType.Int32 } ? Array.ConvertAll(file.GetInts(Key), score => (float)score) : file.GetFloats(Key);
        if (scores.Length != count) throw file.Fault(Key, $"{scores.Length} scores for {count} tokens");
        int odd = Array.FindIndex(scores, float.IsNaN);
        return odd < 0 ? scores : throw file.Fault(Key, $"the score of token {odd} is not a number");
    }

    private static string[] Tokens(GgufFile file)
    {
        string[] tokens = file.GetStrings(Prefix + "tokens");
        if (tokens.Length == 0) throw file.Fault(Prefix + "tokens", "the vocabulary is empty");
        return tokens;
    }

    private static TokenKind[] Kinds(GgufFile file, int count)
    {
        TokenKind[] kinds = new TokenKind[count];
        kinds.AsSpan().Fill(TokenKind.Normal);
        if (!file.TryGetInts(Prefix + "token_type", out int[] stored)) return kinds;
        if (stored.Length != count) throw file.Fault(Prefix + "token_type", $"{stored.Length} token types for {count} tokens");
        for (int id = 0; id < count; id++)
            kinds[id] = stored[id] is >= (int)TokenKind.Normal and <= (int)TokenKind.Byte ? (TokenKind)stored[id] : TokenKind.Unused;
        return kinds;
    }

    private static (string, string)[] Merges(GgufFile file)
    {
        string[] stored = file.GetStrings(Prefix + "merges");
        (string, string)[] merges = new (string, string)[stored.Length];
        for (int i = 0; i < stored.Length; i++)
        {
            int space = stored[i].Length == 0 ? -1 : stored[i].IndexOf(' ', 1);
            if (space < 0 || space + 1 == stored[i].Length) throw file.Fault(Prefix + "merges", $"merge {i}, '{stored[i]}', is not two symbols with a space between");
            merges[i] = (stored[i][..space], stored[i][(space + 1)..]);
        }
        return merges;
    }

    private static List<AddedToken> Added(string[] tokens, TokenKind[] kinds, Func<int, bool> stripsRight)
    {
        List<AddedToken> added = [];
        for (int id = 0; id < tokens.Length; id++)
        {
            if (tokens[id].Length == 0 || kinds[id] is not (TokenKind.Control or TokenKind.Unknown or TokenKind.UserDefined)) continue;
            added.Add(new AddedToken(id, tokens[id], kinds[id] != TokenKind.UserDefined) { StripsRight = stripsRight(id) });
        }
        return added;
    }
}
