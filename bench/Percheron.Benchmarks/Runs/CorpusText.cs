using System.Text;

namespace Percheron.Benchmarks.Runs;

/// <summary>
/// A text of any length that reads like given ones: each word is one that followed the last two somewhere in them. Words are what stands between spaces, the spaces
/// and line ends behind them included.
/// </summary>
internal sealed class CorpusText
{
    private readonly string[] _words;
    private readonly int[] _text;
    // Places of the text by the two words before them, and where the places of each such pair begin.
    private readonly int[] _places;
    private readonly Dictionary<(int, int), (int First, int Count)> _pairs = [];

    public CorpusText(IEnumerable<string> sources)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        var text = new List<int>();
        foreach (string source in sources)
            foreach (string word in Split(source))
            {
                if (!ids.TryGetValue(word, out int id)) ids.Add(word, id = ids.Count);
                text.Add(id);
            }
        _words = [.. ids.Keys];
        _text = [.. text];
        _places = [.. Enumerable.Range(2, Math.Max(0, _text.Length - 2))];
        Array.Sort(_places, (a, b) => (_text[a - 2], _text[a - 1], a).CompareTo((_text[b - 2], _text[b - 1], b)));
        for (int i = 0; i < _places.Length; i++)
        {
            (int, int) pair = (_text[_places[i] - 2], _text[_places[i] - 1]);
            _pairs[pair] = _pairs.TryGetValue(pair, out (int First, int Count) known) ? (known.First, known.Count + 1) : (i, 1);
        }
    }

    /// <summary>Writes at least <paramref name="bytes"/> bytes of text, always the same for one seed.</summary>
    public void Write(Stream output, long bytes, int seed)
    {
        var random = new Random(seed);
        using var writer = new StreamWriter(output, new UTF8Encoding(false), 1 << 16, leaveOpen: true);
        long written = 0;
        for (int before = 0, last = 1; written < bytes;)
        {
            // The end of the sources is followed by nothing: begin somewhere else.
            if (!_pairs.TryGetValue((before, last), out (int First, int Count) pair)) pair = (random.Next(_places.Length), 1);
            int next = _text[_places[pair.First + random.Next(pair.Count)]];
            writer.Write(_words[next]);
            written += Encoding.UTF8.GetByteCount(_words[next]);
            (before, last) = (last, next);
        }
    }

    private static IEnumerable<string> Split(string text)
    {
        for (int at = 0; at < text.Length;)
        {
            int end = at;
            while (end < text.Length && !char.IsWhiteSpace(text[end])) end++;
            while (end < text.Length && char.IsWhiteSpace(text[end])) end++;
            yield return text[at..end];
            at = end;
        }
    }
}
