using System.Text;

namespace Percheron.Training.Tokens;

/// <summary>
/// A byte-level BPE vocabulary as the trainer makes it: id 0 ends and begins documents, then the 256 bytes in order, then one token per merge.
/// Encodes by a cache of words; the runtime's own tokenizer reads the same vocabulary from the GGUF file.
/// </summary>
public sealed class BpeVocabulary
{
    /// <summary>Begins and ends every document.</summary>
    public const int EndOfText = 0;

    /// <summary>How the end of text is spelled.</summary>
    public const string EndOfTextSpelling = "<|endoftext|>";

    /// <summary>Id of byte 0.</summary>
    public const int FirstByte = 1;

    /// <summary>Id of the first merge.</summary>
    public const int FirstMerge = FirstByte + 256;

    private readonly List<byte[]> _bytes = [];
    private readonly Dictionary<(int, int), int> _ranks = [];
    private readonly Dictionary<string, int[]> _words = new(StringComparer.Ordinal);

    /// <summary>The vocabulary of these merges, in order of priority; merge i makes token <see cref="FirstMerge"/> + i.</summary>
    public BpeVocabulary(IReadOnlyList<(int Left, int Right)> merges)
    {
        Merges = merges;
        _bytes.Add([]);
        for (int b = 0; b < 256; b++) _bytes.Add([(byte)b]);
        foreach ((int left, int right) in merges)
        {
            if (!_ranks.TryAdd((left, right), _bytes.Count)) throw new InvalidDataException($"The merge of tokens {left} and {right} appears twice.");
            _bytes.Add([.. _bytes[left], .. _bytes[right]]);
        }
    }

    /// <summary>The pairs of ids that merge, in order of priority.</summary>
    public IReadOnlyList<(int Left, int Right)> Merges { get; }

    /// <summary>Number of tokens.</summary>
    public int Count => _bytes.Count;

    /// <summary>The bytes of a token; none of the end of text.</summary>
    public ReadOnlySpan<byte> Bytes(int token) => _bytes[token];

    /// <summary>The token as a vocabulary file spells it.</summary>
    public string Spelling(int token) => token == EndOfText ? EndOfTextSpelling : ByteSpelling.Spell(_bytes[token]);

    /// <summary>Appends the ids of a text; nothing in it is read as a special token. Not safe for several threads.</summary>
    public void Encode(string text, List<int> ids)
    {
        var bySpan = _words.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var match in PreTokenizer.Words(text))
        {
            ReadOnlySpan<char> word = text.AsSpan(match.Index, match.Length);
            if (!bySpan.TryGetValue(word, out int[]? tokens)) _words[word.ToString()] = tokens = MergeWord(word);
            ids.AddRange(tokens);
        }
    }

    /// <summary>The text of ids; the end of text spells nothing.</summary>
    public string Decode(IEnumerable<int> ids) => Encoding.UTF8.GetString([.. ids.SelectMany(id => _bytes[id])]);

    /// <summary>Writes the merges, one pair of ids per line.</summary>
    public void Save(string path) => File.WriteAllLines(path, Merges.Select(merge => $"{merge.Left} {merge.Right}"));

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">A line is not a pair of known ids.</exception>
    public static BpeVocabulary Load(string path)
    {
        var merges = new List<(int, int)>();
        foreach (string line in File.ReadLines(path))
        {
            string[] parts = line.Split(' ');
            if (parts.Length != 2 || !int.TryParse(parts[0], out int left) || !int.TryParse(parts[1], out int right)
                || Math.Min(left, right) < FirstByte || Math.Max(left, right) >= FirstMerge + merges.Count)
                throw new InvalidDataException($"'{path}', line {merges.Count + 1}: expected two ids of earlier tokens.");
            merges.Add((left, right));
        }
        return new BpeVocabulary(merges);
    }

    private int[] MergeWord(ReadOnlySpan<char> word)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(word)];
        Encoding.UTF8.GetBytes(word, bytes);
        List<int> tokens = [.. bytes.Select(b => b + FirstByte)];
        while (true)
        {
            int best = int.MaxValue, at = -1;
            for (int i = 1; i < tokens.Count; i++)
                if (_ranks.TryGetValue((tokens[i - 1], tokens[i]), out int token) && token < best)
                    (best, at) = (token, i);
            if (at < 0) return [.. tokens];
            tokens[at - 1] = best;
            tokens.RemoveAt(at);
        }
    }
}
