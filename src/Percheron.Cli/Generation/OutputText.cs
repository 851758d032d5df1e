using System.Text;
using Percheron.Codecs;
using Percheron.Decoding;

namespace Percheron.Cli.Generation;

/// <summary>
/// The text of one sequence as it grows. It ends the sequence where a stop string comes up, across token boundaries, and never shows a stop string or the beginning
/// of one.
/// </summary>
internal sealed class OutputText : IStopCondition
{
    private readonly StreamingDecoder? _decoder;
    private readonly int _vocabulary;
    private readonly IReadOnlyCollection<int> _silent;
    private readonly string[] _stops;
    private readonly int _promptLength, _limit, _longestStop;
    private readonly StringBuilder _text = new();
    private readonly List<int> _ends = [];
    private int _shown;
    private bool _ended;

    /// <param name="tokenizer">Null where there is no vocabulary: the text stays empty.</param>
    /// <param name="prompt">The tokens before the output.</param>
    /// <param name="stops">Texts that end the sequence.</param>
    /// <param name="silent">Tokens that have no text.</param>
    /// <param name="limit">Largest number of tokens, prompt included: what a step commits beyond it is not looked at.</param>
    public OutputText(Tokenizer? tokenizer, ReadOnlySpan<int> prompt, IEnumerable<string> stops, IReadOnlyCollection<int> silent, long limit)
    {
        _silent = silent;
        _stops = [.. stops];
        _longestStop = _stops.Length == 0 ? 0 : _stops.Max(s => s.Length);
        (_promptLength, _limit) = (prompt.Length, (int)Math.Min(limit, int.MaxValue));
        bool continues = false;
        if (tokenizer is not null)
            foreach (int id in prompt) continues |= id < tokenizer.VocabularySize && !tokenizer.IsSpecial(id);
        // A model may have more logits than its vocabulary has tokens.
        _vocabulary = tokenizer?.VocabularySize ?? 0;
        _decoder = tokenizer is null ? null : new StreamingDecoder(tokenizer, skipSpecial: true, continues);
    }

    /// <summary>Whether a stop string came up.</summary>
    public bool Stopped { get; private set; }

    /// <summary>How many output tokens count: all, or the fewest whose text covers everything before the stop string.</summary>
    public int Tokens { get; private set; }

    /// <summary>The text so far, without a stop string.</summary>
    public override string ToString() => _text.ToString();

    /// <inheritdoc/>
    public int Cut(ReadOnlySpan<int> tokens, int from)
    {
        int end = Math.Min(tokens.Length, _limit);
        for (int i = _promptLength + _ends.Count; i < end; i++)
        {
            int before = _text.Length;
            if (_decoder is not null && tokens[i] < _vocabulary && !_silent.Contains(tokens[i])) _text.Append(_decoder.Append(tokens[i]));
            _ends.Add(_text.Length);
            Tokens = _ends.Count;
            if (Find(before) is not (>= 0 and var at)) continue;
            _text.Length = at;
            Tokens = at == 0 ? 0 : _ends.FindIndex(e => e >= at) + 1;
            Stopped = _ended = true;
            return _promptLength + Tokens;
        }
        return -1;
    }

    /// <summary>Nothing more will come: completes the text.</summary>
    public void End()
    {
        if (_ended) return;
        _ended = true;
        if (_decoder is not null) _text.Append(_decoder.Flush());
        if (_ends.Count > 0) _ends[^1] = _text.Length;
    }

    /// <summary>The text that is certain and was not yet taken, in pieces, each with the number of the output token it came with.</summary>
    public IEnumerable<(string Text, int Token)> Take()
    {
        int until = _text.Length - (_ended ? 0 : HeldBack());
        for (int token = 0; token < _ends.Count && _shown < until; token++)
        {
            int end = Math.Min(_ends[token], until);
            if (end <= _shown) continue;
            int from = _shown;
            _shown = end;
            yield return (_text.ToString(from, end - from), token);
        }
    }

    // The first place of any stop string that ends in text added since `before`.
    private int Find(int before)
    {
        if (_longestStop == 0 || _text.Length == before) return -1;
        int from = Math.Max(0, before - _longestStop + 1), found = -1;
        string tail = _text.ToString(from, _text.Length - from);
        foreach (string stop in _stops)
            if (tail.IndexOf(stop, StringComparison.Ordinal) is >= 0 and var at && (found < 0 || at < found)) found = at;
        return found < 0 ? -1 : from + found;
    }

    // Length of the longest end of the text that may be the beginning of a stop string.
    private int HeldBack()
    {
        if (_longestStop == 0) return 0;
        int from = Math.Max(0, _text.Length - _longestStop + 1);
        string tail = _text.ToString(from, _text.Length - from);
        for (int length = tail.Length; length > 0; length--)
            foreach (string stop in _stops)
                if (length < stop.Length && tail.AsSpan(tail.Length - length).SequenceEqual(stop.AsSpan(0, length))) return length;
        return 0;
    }
}
