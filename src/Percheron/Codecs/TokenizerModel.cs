using Percheron.Codecs.Splitters;
using Percheron.Formats;

namespace Percheron.Codecs;

/// <summary>A vocabulary and the rules around it, as read from a file and checked; every tokenizer is built from one.</summary>
internal sealed class TokenizerModel
{
    /// <param name="source">The file, for error messages.</param>
    /// <param name="tokens">Text of each id, as stored.</param>
    /// <param name="kinds">Kind of each id, as many as tokens.</param>
    public TokenizerModel(string source, string[] tokens, TokenKind[] kinds)
    {
        (Source, Tokens, Kinds) = (source, tokens, kinds);
        Ids = new Dictionary<string, int>(tokens.Length, StringComparer.Ordinal);
        for (int id = 0; id < tokens.Length; id++)
            if (tokens[id].Length > 0) Ids.TryAdd(tokens[id], id);
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

    /// <summary>A space is put before the first word of a text and after each special token.</summary>
    public bool AddSpacePrefix { get; init; }

    public IReadOnlyList<AddedToken> Added { get; init; } = [];

    public ModelFormatException Fault(string reason) => new(Source, 0, reason);
}
