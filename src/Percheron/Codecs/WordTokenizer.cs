using System.Runtime.InteropServices;
using Percheron.Codecs.Splitters;

namespace Percheron.Codecs;

/// <summary>What all methods share on the way from a stretch of text to its words: normalization, splitting, space marks, and a cache of words.</summary>
internal abstract class WordTokenizer : Tokenizer
{
    private readonly PreTokenizer[] _stages;
    private readonly SpaceMarks? _marks;
    private readonly Normalizer? _normalizer;
    private readonly AddedTokens? _addedAfter;
    private readonly bool _prefixesSpace;
    private Scratch? _idle;

    private protected WordTokenizer(TokenizerModel model)
        : base(model)
    {
        (_stages, _marks, _normalizer, _prefixesSpace) = (model.Stages, model.Marks, model.Normalizer, model.PrefixesSpace);
        if (model.AddedAfterNormalizing.Count > 0) _addedAfter = new AddedTokens(model.AddedAfterNormalizing);
        Words = new SpaceMarkSplitter(model);
    }

    /// <summary>Cuts marked text.</summary>
    private SpaceMarkSplitter Words { get; }

    private protected sealed override void EncodeFragment(ReadOnlySpan<char> text, bool first, bool parseSpecial, List<int> ids)
    {
        Scratch scratch = Interlocked.Exchange(ref _idle, null) ?? NewScratch();
        if (_normalizer is not null) text = _normalizer.Normalize(text);
        if (_addedAfter is null) EncodeStretch(text, first, first: true, scratch, ids);
        else EncodeAround(_addedAfter, text, first, parseSpecial, scratch, ids);
        _idle = scratch;
    }

    private protected abstract Scratch NewScratch();

    /// <summary>Appends the ids of one word.</summary>
    private protected abstract void EncodeWord(ReadOnlySpan<char> word, Scratch scratch, List<int> ids);

    private void EncodeAround(AddedTokens added, ReadOnlySpan<char> text, bool begins, bool parseSpecial, Scratch scratch, List<int> ids)
    {
        int at = 0;
        while (at < text.Length)
        {
            int found = added.Find(text, at, parseSpecial, out AddedToken token);
            int end = AddedTokens.EndBefore(text, at, found, token);
            if (end > at) EncodeStretch(text[at..end], begins && at == 0, first: at == 0, scratch, ids);
            if (found < 0) return;
            ids.Add(token.Id);
            at = AddedTokens.StartAfter(text, found, token);
        }
    }

    /// <summary>Encodes text that holds no added token.</summary>
    /// <param name="text">The stretch.</param>
    /// <param name="begins">Whether it begins the whole text.</param>
    /// <param name="first">Whether it begins a stretch that was normalized as one.</param>
    /// <param name="scratch">Work space.</param>
    /// <param name="ids">Receives the ids.</param>
    private void EncodeStretch(ReadOnlySpan<char> text, bool begins, bool first, Scratch scratch, List<int> ids)
    {
        // Normalizing can leave nothing.
        if (text.Length == 0) return;
        if (_prefixesSpace && text[0] != ' ') text = $" {text}";
        Split(text, 0, new Place(begins, first), scratch, ids);
    }

    private void Split(ReadOnlySpan<char> text, int stage, Place place, Scratch scratch, List<int> ids)
    {
        if (stage == _stages.Length)
        {
            if (_marks is null) Lookup(text, scratch, ids);
            else Mark(_marks, text, place, scratch, ids);
            return;
        }
        if (_stages[stage] is RegexSplitter whole)
        {
            foreach (int length in whole.Cut(text)) Piece(length, ref text, stage, ref place, scratch, ids);
            return;
        }
        PreTokenizer splitter = _stages[stage];
        while (text.Length > 0) Piece(splitter.Next(text), ref text, stage, ref place, scratch, ids);
    }

    private void Piece(int length, ref ReadOnlySpan<char> text, int stage, ref Place place, Scratch scratch, List<int> ids)
    {
        if (length > 0) Split(text[..length], stage + 1, place, scratch, ids);
        text = text[Math.Abs(length)..];
        place = default;
    }

    private void Mark(SpaceMarks marks, ReadOnlySpan<char> text, Place place, Scratch scratch, List<int> ids)
    {
        Span<char> marked = scratch.Characters(text.Length + 1);
        marked[0] = SpaceMark;
        text.Replace(marked[1..], ' ', SpaceMark);
        bool prefix = marks.Prefix switch
        {
            SpacePrefix.Always => place.First,
            SpacePrefix.Missing => marked[1] != SpaceMark,
            SpacePrefix.First => place.Begins && marked[1] != SpaceMark,
            _ => false,
        };
        ReadOnlySpan<char> rest = marked[(prefix ? 0 : 1)..];
        while (rest.Length > 0)
        {
            int length = marks.EndsWords ? SpaceMarkSplitter.NextMark(rest) : Words.Next(rest);
            Lookup(rest[..length], scratch, ids);
            rest = rest[length..];
        }
    }

    private void Lookup(ReadOnlySpan<char> word, Scratch scratch, List<int> ids)
    {
        bool isShort = word.Length <= WordCache.LongestWord;
        if (isShort && scratch.Cache.TryAppend(word, ids)) return;
        int before = ids.Count;
        EncodeWord(word, scratch, ids);
        if (isShort) scratch.Cache.Add(word, CollectionsMarshal.AsSpan(ids)[before..]);
    }

    private readonly record struct Place(bool Begins, bool First);
}
