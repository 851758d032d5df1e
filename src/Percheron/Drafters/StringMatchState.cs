using Percheron.Codecs;
using Percheron.Decoding;
using Percheron.Models;

namespace Percheron.Drafters;

/// <summary>What a drafter that matches strings keeps for one sequence: its text, the same text in the draft's tokens with what the draft went on with, and the draft's cache of them.</summary>
internal sealed class StringMatchState(KvCache cache, VocabularyMap map) : IDisposable
{
    // Tokens before a change that are written anew with it: a word may be cut differently once more of it is known.
    private const int LookBehind = 4, FarBehind = 16;

    private readonly List<char> _text = [], _window = [];
    private readonly List<int> _ends = [], _tokens = [], _tokenEnds = [], _fresh = [];
    // So many of the draft's tokens are known to spell the text.
    private int _revision, _agreed;

    public KvCache Cache => cache;

    public Rows Rows { get; } = new();

    public DraftSlot Slot { get; set; }

    /// <summary>Probability of all that was drafted, as the draft sees it.</summary>
    public float Chance { get; set; }

    /// <summary>Tokens the draft's cache lacks.</summary>
    public int CatchUp => _tokens.Count - cache.Length;

    /// <summary>Tokens of the draft, those it has drafted included.</summary>
    public IReadOnlyList<int> Tokens => _tokens;

    /// <summary>Reads what was committed, and drops what the draft had gone on with as far as it was not said. False where the text ends within a character.</summary>
    public bool Follow(Sequence sequence)
    {
        Read(sequence);
        if (CompleteLength(_text) < _text.Count) return false;
        while (_agreed < _tokens.Count && Agrees(_agreed)) _agreed++;
        if (_agreed < _tokens.Count || End(_agreed) < _text.Count) Rewrite();
        // The last token is read again if it was: its answer is what the draft goes on with.
        if (cache.Length >= _tokens.Count) cache.Truncate(Math.Max(0, _tokens.Count - 1));
        // Where the draft cannot spell the text, it has nothing to say.
        return _tokens.Count > 0 && End(_tokens.Count) == _text.Count;
    }

    /// <summary>Adds a token that the draft goes on with.</summary>
    public void Append(int token)
    {
        _tokens.Add(token);
        _tokenEnds.Add(End(_tokens.Count - 1) + map.Draft.Piece(token).Length);
    }

    /// <summary>What the draft went on with, in the target's tokens, cut as the target cuts it behind its own last tokens.</summary>
    public List<int> Proposal()
    {
        int known = 0, first = _ends.Count;
        while (first > 0 && Before(Start(first), _ends.Count - first)) first--;
        _window.Clear();
        for (int at = Start(first); at < _text.Count; at++, known++) _window.Add(_text[at]);
        int drafted = _tokens.Count;
        while (drafted > 0 && End(drafted - 1) >= _text.Count) drafted--;
        for (; drafted < _tokens.Count; drafted++) _window.AddRange(map.Draft.Piece(_tokens[drafted]).AsSpan());
        ReadOnlySpan<char> window = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_window)[..CompleteLength(_window)];
        if (window.Length <= known) window = window[..0];
        Write(map.Target, window);
        int taken = 0, bytes = 0;
        while (taken < _fresh.Count && bytes < known) bytes += map.Target.Piece(_fresh[taken++]).Length;
        // No cut where the committed text ends: what was drafted is written by itself.
        if (bytes > known) Write(map.Target, window[known..]);
        else _fresh.RemoveRange(0, taken);
        return _fresh;
    }

    public void Dispose() => cache.Dispose();

    // Where a token of the draft's begins.
    private int End(int count) => count == 0 ? 0 : _tokenEnds[count - 1];

    private int Start(int token) => token == 0 ? 0 : _ends[token - 1];

    // Whether a window that is written anew has to begin earlier: at a space if there is one near, which is where tokenizers cut, and never within a character.
    private bool Before(int at, int tokens) => tokens < LookBehind || IsInside(_text, at) || (tokens < FarBehind && at < _text.Count && _text[at] != ' ');

    private static bool IsInside(List<char> text, int at) => at < text.Count && (text[at] & 0xC0) == 0x80;

    private void Read(Sequence sequence)
    {
        int unchanged = Math.Min(sequence.Unchanged(_revision), _ends.Count);
        _revision = sequence.Revision;
        while (_agreed > 0 && End(_agreed) > Start(unchanged)) _agreed--;
        _text.RemoveRange(Start(unchanged), _text.Count - Start(unchanged));
        _ends.RemoveRange(unchanged, _ends.Count - unchanged);
        foreach (int token in sequence.Tokens[unchanged..])
        {
            _text.AddRange(map.Target.Piece(token).AsSpan());
            _ends.Add(_text.Count);
        }
        // A token that begins the text has no spelling; the draft may have one of its own.
        ReadOnlySpan<int> begins = map.Spelling(sequence.Tokens[0]);
        if (_tokens.Count == 0 && map.Target.Piece(sequence.Tokens[0]).Length == 0 && map.TargetOf[begins[0]] == sequence.Tokens[0]) Append(begins[0]);
    }

    private bool Agrees(int token)
    {
        string piece = map.Draft.Piece(_tokens[token]);
        int from = End(token);
        if (from + piece.Length > _text.Count) return false;
        for (int i = 0; i < piece.Length; i++)
            if (_text[from + i] != piece[i]) return false;
        return true;
    }

    private void Rewrite()
    {
        int keep = _agreed;
        // A sign at the beginning stays.
        while (keep > 0 && End(keep) > 0 && Before(End(keep), _agreed - keep)) keep--;
        Write(map.Draft, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_text)[End(keep)..]);
        int same = 0;
        while (same < _fresh.Count && keep + same < _tokens.Count && _fresh[same] == _tokens[keep + same]) same++;
        keep += same;
        _tokens.RemoveRange(keep, _tokens.Count - keep);
        _tokenEnds.RemoveRange(keep, _tokenEnds.Count - keep);
        for (int i = same; i < _fresh.Count; i++) Append(_fresh[i]);
        if (cache.Length > keep) cache.Truncate(keep);
        _agreed = _tokens.Count;
    }

    private void Write(TextVocabulary vocabulary, ReadOnlySpan<char> text)
    {
        _fresh.Clear();
        if (!text.IsEmpty) vocabulary.Encode(text, _fresh);
    }

    // Length without a last character of UTF-8 that is not complete.
    private static int CompleteLength(List<char> text)
    {
        for (int back = 1; back <= Math.Min(3, text.Count); back++)
        {
            char lead = text[^back];
            if ((lead & 0xC0) == 0x80) continue;
            int length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
            return length > back ? text.Count - back : text.Count;
        }
        return text.Count;
    }
}
