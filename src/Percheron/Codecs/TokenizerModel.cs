using Percheron.Codecs.Splitters;
using Percheron.Formats;

namespace Percheron.Codecs;

/// <summary>A vocabulary and the rules around it, as read from a file and checked; every tokenizer is built from one.</summary>
internal sealed class TokenizerModel
{
    // Searching a text for a token takes the product of their lengths at worst; real tokens have a few hundred characters at most.
    private const int LongestToken = 8192;

    /// <param name="source">The file, for error messages.</param>
    /// <param name="tokens">Text of each id, as stored.</param>
    /// <param name="kinds">Kind of each id, as many as tokens.</param>
    public TokenizerModel(string source, string[] tokens, TokenKind[] kinds)
    {
        (Source, Tokens, Kinds) = (source, tokens, kinds);
        Ids = new Dictionary<string, int>(tokens.Length, StringComparer.Ordinal);
        for (int id = 0; id < tokens.Length; id++)
        {
            if (tokens[id].Length > LongestToken) throw Fault($"token {id} has {tokens[id].Length} characters; at most {LongestToken} make sense");
            if (tokens[id].Length > 0) Ids.TryAdd(tokens[id], id);
        }
    }

    public string Source { get; }

    public string[] Tokens { get; }

    public TokenKind[] Kinds { get; }

    /// <summary>Id of each token text; the first one where a text occurs twice.</summary>
    public Dictionary<string, int> Ids { get; }

    /// <summary>Log probability or rank of each id; empty where the method has none.</summary>
    public float[] Scores { get; init; } = [];

    /// <summary>Pairs in the order in which they merge.</summary>
    public (string Left, string Right)[] Merges { get; init; } = [];

    public PieceForm Form { get; init; }

    public PreTokenizer[] Stages { get; init; } = [];

    public bool IgnoreMerges { get; init; }

    public int? Bos { get; init; }

    public int? Eos { get; init; }

    public int? Unknown { get; init; }

    public int? Pad { get; init; }

    public IReadOnlySet<int> EndOfGeneration { get; init; } = new HashSet<int>();

    public bool AddBos { get; init; }

    public bool AddEos { get; init; }

    /// <summary>What the vocabulary cannot write is spelled by the tokens of its bytes.</summary>
    public bool HasByteFallback { get; init; } = true;

    /// <summary>What is done to each stretch of text first.</summary>
    public Normalizer? Normalizer { get; init; }

    /// <summary>How spaces are written; as they are where absent.</summary>
    public SpaceMarks? Marks { get; init; }

    /// <summary>A space is put before each stretch of text that does not begin with one.</summary>
    public bool PrefixesSpace { get; init; }

    /// <summary>Decoding drops the space at the beginning of a text.</summary>
    public bool StripsLeadingSpace { get; init; }

    /// <summary>Tokens that are looked for in the text as it comes.</summary>
    public IReadOnlyList<AddedToken> Added { get; init; } = [];

    /// <summary>Tokens that are looked for once the text has been normalized.</summary>
    public IReadOnlyList<AddedToken> AddedAfterNormalizing { get; init; } = [];

    /// <summary>Whether words can become this token; signs and bytes never come from text.</summary>
    public bool IsWritable(int id) => Kinds[id] is TokenKind.Normal or TokenKind.UserDefined or TokenKind.Unused;

    public ModelFormatException Fault(string reason) => new(Source, 0, reason);
}
