using System.Text;

namespace Percheron.Codecs;

/// <summary>A vocabulary as spellings: the bytes of each token, and how bytes are written in tokens.</summary>
public sealed class TextVocabulary
{
    private readonly Tokenizer? _tokenizer;
    private readonly string[] _pieces;
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly int _longest, _unknown;

    /// <summary>The vocabulary of a tokenizer. Tokens that are signs to a model rather than text have no spelling.</summary>
    public TextVocabulary(Tokenizer tokenizer) : this([.. Enumerable.Range(0, tokenizer.VocabularySize).Select(id => tokenizer.IsSpecial(id) ? "" : Latin(tokenizer.Piece(id)))], tokenizer.Unknown ?? 0) =>
        _tokenizer = tokenizer;

    /// <summary>A vocabulary by its pieces, without a tokenizer: bytes are written by the longest piece that fits.</summary>
    /// <param name="pieces">Bytes of each token; empty for one that has no spelling.</param>
    public TextVocabulary(IReadOnlyList<byte[]> pieces) : this([.. pieces.Select(p => Latin(p))], 0) { }

    private TextVocabulary(string[] pieces, int unknown)
    {
        (_pieces, _unknown) = (pieces, unknown);
        for (int id = 0; id < pieces.Length; id++)
        {
            if (pieces[id].Length == 0) continue;
            // Of two tokens that are spelled alike the first is the one that is written.
            _ids.TryAdd(pieces[id], id);
            _longest = Math.Max(_longest, pieces[id].Length);
        }
    }

    /// <summary>Number of tokens.</summary>
    public int Count => _pieces.Length;

    /// <summary>The bytes of a token, one to a character (Latin-1); empty where it has no spelling.</summary>
    public string Piece(int id) => _pieces[id];

    /// <summary>The token of exactly these bytes, or −1.</summary>
    public int Find(string piece) => _ids.GetValueOrDefault(piece, -1);

    /// <summary>Writes bytes as tokens: as the tokenizer does where its tokens spell just these bytes, else by the longest piece that fits.</summary>
    /// <param name="bytes">One to a character (Latin-1), whole characters of UTF-8 for a tokenizer to be asked.</param>
    /// <param name="destination">Receives the tokens; what cannot be spelled is left out.</param>
    public void Encode(ReadOnlySpan<char> bytes, List<int> destination)
    {
        int before = destination.Count;
        if (_tokenizer is not null)
        {
            string text = Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(bytes.ToArray()));
            // One that puts a space before what it takes for the beginning of a text is asked without that space.
            for (int skip = 0; skip <= (text.StartsWith(' ') ? 1 : 0); skip++)
            {
                _tokenizer.Encode(text.AsSpan(skip), addSpecial: false, parseSpecial: false, destination);
                if (Spells(destination, before, bytes)) return;
                destination.RemoveRange(before, destination.Count - before);
            }
        }
        Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> ids = _ids.GetAlternateLookup<ReadOnlySpan<char>>();
        while (!bytes.IsEmpty)
        {
            int length = Math.Min(_longest, bytes.Length), id = -1;
            while (length > 0 && !ids.TryGetValue(bytes[..length], out id)) length--;
            if (length > 0) destination.Add(id);
            bytes = bytes[Math.Max(length, 1)..];
        }
    }

    /// <summary>How a token of another vocabulary is written in this one: at least one token.</summary>
    internal int[] Spell(string piece)
    {
        var ids = new List<int>();
        if (Find(piece) is >= 0 and var same) return [same];
        Encode(piece, ids);
        return ids.Count > 0 ? [.. ids] : [_unknown];
    }

    private bool Spells(List<int> ids, int from, ReadOnlySpan<char> bytes)
    {
        for (int i = from; i < ids.Count; i++)
        {
            if (!bytes.StartsWith(_pieces[ids[i]], StringComparison.Ordinal)) return false;
            bytes = bytes[_pieces[ids[i]].Length..];
        }
        return bytes.IsEmpty;
    }

    private static string Latin(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);
}
