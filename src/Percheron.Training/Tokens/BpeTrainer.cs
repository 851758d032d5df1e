using System.Runtime.InteropServices;
using System.Text;

namespace Percheron.Training.Tokens;

/// <summary>
/// Learns byte-level merges: again and again the most frequent adjacent pair, within words, becomes a token.
/// Pair counts are kept up to date per merge, so the cost follows the words a merge touches, not the corpus.
/// Source: Sennrich, Haddow and Birch, "Neural Machine Translation of Rare Words with Subword Units" (2016), section 3.2.
/// </summary>
public sealed class BpeTrainer
{
    private readonly List<int[]> _words = [];
    private readonly List<long> _counts = [];
    private readonly Dictionary<(int, int), long> _pairs = [];
    private readonly Dictionary<(int, int), HashSet<int>> _where = [];
    private readonly List<byte[]> _bytes = [];
    private readonly HashSet<string> _spelled = new(StringComparer.Ordinal);
    private readonly PriorityQueue<(int Left, int Right, long Count), (long, int, int)> _queue = new();

    private BpeTrainer()
    {
        _bytes.Add([]);
        for (int b = 0; b < 256; b++) _bytes.Add([(byte)b]);
    }

    /// <summary>Learns merges until the vocabulary (specials, 256 bytes, merges) has <paramref name="size"/> tokens.</summary>
    /// <exception cref="InvalidDataException">The texts are too small for that many merges.</exception>
    public static BpeVocabulary Train(IEnumerable<string> texts, int size)
    {
        var trainer = new BpeTrainer();
        trainer.CountWords(texts);
        trainer.CountPairs();
        var merges = new List<(int Left, int Right)>();
        for (int token = BpeVocabulary.FirstMerge; token < size; token++)
        {
            (int Left, int Right) = trainer.Next() ?? throw new InvalidDataException($"The corpus has pairs for {token} tokens only; ask for a smaller vocabulary.");
            merges.Add((Left, Right));
            trainer.Merge((Left, Right), token);
        }
        return new BpeVocabulary(merges);
    }

    private void CountWords(IEnumerable<string> texts)
    {
        var words = new Dictionary<string, long>(StringComparer.Ordinal);
        var bySpan = words.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (string text in texts)
            foreach (var word in PreTokenizer.Words(text))
                CollectionsMarshal.GetValueRefOrAddDefault(bySpan, text.AsSpan(word.Index, word.Length), out _)++;
        foreach ((string word, long count) in words.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            _words.Add([.. Encoding.UTF8.GetBytes(word).Select(b => b + BpeVocabulary.FirstByte)]);
            _counts.Add(count);
        }
    }

    private void CountPairs()
    {
        for (int w = 0; w < _words.Count; w++)
            for (int i = 1; i < _words[w].Length; i++)
                Add((_words[w][i - 1], _words[w][i]), w, _counts[w]);
        foreach (((int Left, int Right) pair, long count) in _pairs) Enqueue(pair, count);
    }

    /// <summary>The most frequent pair that spells a new token: two pairs may join to the same bytes, and a vocabulary lists each spelling once.</summary>
    private (int, int)? Next()
    {
        while (MostFrequent() is (int left, int right))
        {
            byte[] joined = [.. _bytes[left], .. _bytes[right]];
            if (!_spelled.Add(Convert.ToHexString(joined))) continue;
            _bytes.Add(joined);
            return (left, right);
        }
        return null;
    }

    /// <summary>The most frequent pair; of equals the one of smaller ids. Entries of the queue that a merge has outdated are passed over.</summary>
    private (int, int)? MostFrequent()
    {
        while (_queue.TryDequeue(out (int Left, int Right, long Count) top, out _))
            if (_pairs.GetValueOrDefault((top.Left, top.Right)) == top.Count && top.Count > 0)
                return (top.Left, top.Right);
        return null;
    }

    private void Merge((int Left, int Right) pair, int token)
    {
        var touched = new HashSet<(int, int)>();
        foreach (int w in _where[pair].Order())
        {
            int[] old = _words[w];
            var merged = new List<int>(old.Length);
            for (int i = 0; i < old.Length; i++)
            {
                bool here = i + 1 < old.Length && old[i] == pair.Left && old[i + 1] == pair.Right;
                merged.Add(here ? token : old[i]);
                if (here) i++;
            }
            if (merged.Count == old.Length) continue;
            for (int i = 1; i < old.Length; i++)
            {
                _pairs[(old[i - 1], old[i])] -= _counts[w];
                touched.Add((old[i - 1], old[i]));
            }
            _words[w] = [.. merged];
            for (int i = 1; i < merged.Count; i++)
            {
                Add((merged[i - 1], merged[i]), w, _counts[w]);
                touched.Add((merged[i - 1], merged[i]));
            }
        }
        foreach ((int, int) changed in touched) Enqueue(changed, _pairs[changed]);
        _where.Remove(pair);
    }

    private void Add((int, int) pair, int word, long count)
    {
        CollectionsMarshal.GetValueRefOrAddDefault(_pairs, pair, out _) += count;
        ref HashSet<int>? words = ref CollectionsMarshal.GetValueRefOrAddDefault(_where, pair, out _);
        (words ??= []).Add(word);
    }

    private void Enqueue((int Left, int Right) pair, long count)
    {
        if (count > 0) _queue.Enqueue((pair.Left, pair.Right, count), (-count, pair.Left, pair.Right));
    }
}
