using Percheron.Decoding;
using Percheron.Models;

namespace Percheron.Drafters;

/// <summary>
/// A draft model grows a tree for the target and is itself sped up by a cheaper drafter, which guesses what it will expand next: guesses are evaluated in the same forward as what is known, and
/// a level that was guessed needs no forward of its own.
/// </summary>
/// <remarks>
/// The tree is the one that the draft model grows by itself, with the same laws, whatever is guessed; only a planned budget, which weighs time, may let it grow on where that is free. The
/// cheaper drafter sees a child sequence of text and path, and learns from the draft model's choices as if it were the target. Its own time is not charged to it.
/// </remarks>
[Method(Source = "Staged speculative decoding, arXiv 2308.04623 §3", Examples = ["staged(ngram)", "staged(suffix(least=1), depth=4, width=2, guesses=4)"])]
public sealed class StagedDrafter : Drafter
{
    private readonly Foresight _foresight;
    private readonly PerSequence<Growth> _growths;
    private readonly LevelGrower _grower;

    /// <param name="inner">Guesses for the draft model.</param>
    /// <param name="draft">The draft model; the caller keeps owning it.</param>
    /// <param name="guesses">Rows that may be guessed in each forward of the draft model, 1 to 64.</param>
    /// <param name="depth">Levels of the tree, 1 to 256; −1 is as many as the plan of the budget finds worth their time, 7 without one.</param>
    /// <param name="width">Children of a node and nodes expanded on each level, 1 to 64; 1 is a chain.</param>
    /// <param name="tree">Where candidates stand and how they are chosen; without one they are drawn, and siblings are distinct.</param>
    /// <param name="confidence">Stops growing where the product of the laws' highest probabilities along the path falls below this; 0 never stops early, −1 leaves it to the plan of the budget and is 0.6 without one.</param>
    /// <param name="length">When to stop drafting; with one, depth and confidence hold only as far as they are given.</param>
    /// <param name="vocabulary">What to do with a draft whose vocabulary is not the target's; without one it is refused.</param>
    /// <exception cref="ArgumentException">An option is out of range, the vocabularies differ, or the inner drafter needs hidden states, which a draft model does not give.</exception>
    public StagedDrafter(Drafter inner, IModel draft, int guesses = 3, int depth = -1, int width = 1, TreeShape? tree = null, double confidence = -1, DraftLength? length = null, DraftVocabulary? vocabulary = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(guesses, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(guesses, 64);
        if (vocabulary is not null) draft = vocabulary.Adapt(draft);
        else if (draft is ForeignModel foreign)
            throw new ArgumentException($"the draft's vocabulary is not the target's: {foreign.Difference}; say by the option vocabulary what to do, or use a draft trained with the target's tokenizer", nameof(draft));
        _foresight = new Foresight(Foresight.Checked(inner), guesses, width);
        _grower = new LevelGrower(draft, depth, width, tree, confidence, length) { Foresight = _foresight };
        _growths = new PerSequence<Growth>(parent => new Growth(draft.NewCache(), guesses: Foresight.NewGuesses(parent)));
    }

    /// <inheritdoc/>
    public override IModel? Model => _grower.Model;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Draft and target do not share a vocabulary.</exception>
    public override void Draft(ReadOnlySpan<DraftSlot> batch)
    {
        _grower.Begin();
        foreach (DraftSlot slot in batch) _grower.Join(slot, _growths[slot.Sequence]);
        _grower.Grow();
    }

    /// <inheritdoc/>
    public override void Observe(in Step step)
    {
        if (_growths.TryGet(step.Sequence, out Growth? growth)) _grower.Observe(step, growth);
    }

    /// <inheritdoc/>
    public override void Release(Sequence sequence)
    {
        if (_growths.TryGet(sequence, out Growth? growth)) _foresight.Release(growth);
        _growths.Release(sequence);
        _grower.Release(sequence);
    }
}
