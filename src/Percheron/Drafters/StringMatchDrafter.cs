using System.Numerics.Tensors;
using Percheron.Decoding;
using Percheron.Models;

namespace Percheron.Drafters;

/// <summary>
/// String-level exact match: a draft model with any vocabulary writes on in its own tokens, and what it writes is cut into the target's tokens and proposed. The two need nothing in
/// common but text.
/// </summary>
/// <remarks>
/// Drafts are fixed candidates, so every exact verifier accepts them as it does copies. The draft reads the text through its own tokenizer; what was drafted and confirmed is not
/// read again, but for a few tokens before a change, which may be cut differently.
/// </remarks>
[Method(Source = "SLEM, arXiv 2502.05202 §3", Examples = ["string-match", "string-match(length=3, confidence=0)"])]
public sealed class StringMatchDrafter : Drafter
{
    private const int ChunkRows = 256;

    private readonly PerSequence<StringMatchState> _states;
    private readonly ForeignModel _draft;
    private readonly Sampler _sampler = new();
    private readonly Distribution _law = new();
    private readonly int _length;
    private readonly float _confidence;
    private StringMatchState[] _active = [];
    private Rows[] _rows = [];

    /// <param name="draft">The draft model; the caller keeps owning it.</param>
    /// <param name="length">The draft's tokens at most in one step, 1 to 256.</param>
    /// <param name="confidence">Stops where the product of the draft's highest probabilities falls below this, 0 to 1; 0 never stops early.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public StringMatchDrafter(ForeignModel draft, int length = 8, double confidence = 0.3)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, 256);
        if (!(confidence is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(confidence), "confidence is a probability, 0 (never stop early) to 1");
        (_draft, _length, _confidence) = (draft, length, (float)confidence);
        _states = new PerSequence<StringMatchState>(_ => new StringMatchState(draft.Inner.NewCache(), draft.Map));
    }

    /// <inheritdoc/>
    public override IModel? Model => _draft.Inner;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The vocabularies were matched for another target.</exception>
    public override void Draft(ReadOnlySpan<DraftSlot> batch)
    {
        if (_active.Length < batch.Length) (_active, _rows) = (new StringMatchState[batch.Length], new Rows[batch.Length]);
        int begun = 0;
        foreach (DraftSlot slot in batch)
            if (Begin(slot)) _active[begun++] = _states[slot.Sequence];
        for (int level = 0, going = begun; level < _length && going > 0; level++) going = Grow(level, going);
        // Those that ended early were moved behind the others, none was dropped.
        foreach (StringMatchState state in _active.AsSpan(0, begun)) Propose(state);
        Array.Clear(_active);
        Array.Clear(_rows);
    }

    /// <inheritdoc/>
    public override void Release(Sequence sequence) => _states.Release(sequence);

    private bool Begin(DraftSlot slot)
    {
        (Sequence sequence, TokenTree tree) = slot;
        if (sequence.Vocab != 0 && sequence.Vocab != _draft.Vocab) throw new ArgumentException($"the vocabularies were matched for a target of {_draft.Vocab} tokens; this one has {sequence.Vocab}");
        if (tree.Room <= 0) return false;
        StringMatchState state = _states[sequence];
        if (!state.Follow(sequence) || state.Tokens.Count + _length > _draft.Inner.ContextLength) return false;
        if (!tree.WorthLevel(1, 0, tree.Count - 1) || !(tree.Plan?.WorthReading(tree.Author!, sequence, state.CatchUp - 1) ?? true)) return false;
        (state.Slot, state.Chance) = (slot, 1);
        while (state.CatchUp > ChunkRows)
        {
            Fill(state, ChunkRows, logits: false);
            _draft.Inner.Forward([state.Rows]);
            Commit(state);
            tree.CountRead(ChunkRows);
        }
        return true;
    }

    // One token more for each that goes on; returns how many do, standing first.
    private int Grow(int level, int count)
    {
        for (int i = 0; i < count; i++)
        {
            _active[i].Slot.Tree.CountForward(_active[i].CatchUp - 1);
            Fill(_active[i], _active[i].CatchUp, logits: true);
            _rows[i] = _active[i].Rows;
        }
        _draft.Inner.Forward(_rows.AsSpan(0, count));
        int going = 0;
        for (int i = 0; i < count; i++)
        {
            StringMatchState state = _active[i];
            bool goesOn = Take(state, level);
            Commit(state);
            if (!goesOn) continue;
            (_active[i], _active[going]) = (_active[going], state);
            going++;
        }
        return going;
    }

    private bool Take(StringMatchState state, int level)
    {
        ReadOnlySpan<float> logits = state.Rows.Logits(state.Rows.Count - 1);
        int token = Sampler.ArgMax(logits);
        // A sign that ends a text has no spelling.
        if (_draft.Map.Draft.Piece(token).Length == 0) return false;
        _sampler.Law(logits, SamplingSettings.Plain, _law);
        state.Chance *= TensorPrimitives.Max(_law.Probabilities);
        if (state.Chance < _confidence) return false;
        state.Append(token);
        TokenTree tree = state.Slot.Tree;
        return level + 1 < _length && tree.WorthLevel(state.Chance, level + 1, tree.Count + level);
    }

    private static void Propose(StringMatchState state)
    {
        TokenTree tree = state.Slot.Tree;
        int at = 0;
        foreach (int token in state.Proposal())
        {
            if (tree.Room <= 0 || !tree.WorthRow(tree.ChanceOf(at), tree.Count - 1)) return;
            at = tree.Add(at, token);
        }
    }

    private static void Fill(StringMatchState state, int count, bool logits)
    {
        state.Rows.Reset(state.Cache);
        int first = state.Cache.Length;
        for (int i = 0; i < count; i++) state.Rows.Add(state.Tokens[first + i], i - 1, logits && i == count - 1);
    }

    // All of them at once: what is refused is dropped when the text is followed again.
    private static void Commit(StringMatchState state)
    {
        Span<int> all = stackalloc int[Math.Min(ChunkRows, state.Rows.Count)];
        for (int i = 0; i < all.Length; i++) all[i] = i;
        state.Cache.Commit(all);
    }
}
