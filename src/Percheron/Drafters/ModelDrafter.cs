using Percheron.Decoding;
using Percheron.Models;

namespace Percheron.Drafters;

/// <summary>A smaller model with the target's vocabulary grows a chain or a tree, one forward of it for each level of the whole batch.</summary>
/// <remarks>
/// It keeps a cache of its own for every sequence. What the target accepts stays in that cache, so no row is ever evaluated twice; what the draft has not seen (prompts,
/// corrections, tokens of other drafters) it reads before it drafts. A sequence longer than the draft's context gets no drafts.
/// </remarks>
[Method(Source = "Speculative decoding, arXiv 2211.17192, 2302.01318; trees: SpecInfer, arXiv 2305.09781, EAGLE-2, arXiv 2406.16858, RSD, arXiv 2402.14160",
    Examples = ["model", "model(confidence=0.4)"])]
public sealed class ModelDrafter : Drafter
{
    private readonly PerSequence<Growth> _growths;
    private readonly LevelGrower _grower;

    /// <param name="draft">The draft model; the caller keeps owning it.</param>
    /// <param name="depth">Levels of the tree, so the most tokens one step can win from it, 1 to 256; −1 is as many as the plan of the budget finds worth their time, 7 without one.</param>
    /// <param name="width">Children of a node and nodes expanded on each level, 1 to 64; 1 is a chain.</param>
    /// <param name="tree">Where candidates stand and how they are chosen; without one they are drawn, and siblings are distinct.</param>
    /// <param name="confidence">Stops growing where the product of the laws' highest probabilities along the path falls below this; 0 never stops early, −1 leaves it to the plan of the budget and is 0.6 without one. A drawn token
    /// is still proposed, only nothing behind it (which keeps the law exact); so is a fixed one of a wide tree, and one of a chain is judged with its own probability. Source: Kangaroo, arXiv 2404.18911, by paths.</param>
    /// <param name="length">When to stop drafting; with one, depth and confidence hold only as far as they are given.</param>
    /// <param name="vocabulary">What to do with a draft whose vocabulary is not the target's; without one it is refused.</param>
    /// <exception cref="ArgumentException">An option is out of range, a chain is to be wide, or the vocabularies differ.</exception>
    public ModelDrafter(IModel draft, int depth = -1, int width = 1, TreeShape? tree = null, double confidence = -1, DraftLength? length = null, DraftVocabulary? vocabulary = null)
    {
        if (vocabulary is not null) draft = vocabulary.Adapt(draft);
        else if (draft is ForeignModel foreign)
            throw new ArgumentException($"the draft's vocabulary is not the target's: {foreign.Difference}; say by the option vocabulary what to do, or use a draft trained with the target's tokenizer", nameof(draft));
        _grower = new LevelGrower(draft, depth, width, tree, confidence, length);
        _growths = new PerSequence<Growth>(_ => new Growth(draft.NewCache()));
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
        _growths.Release(sequence);
        _grower.Release(sequence);
    }
}
