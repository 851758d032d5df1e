using Percheron.Decoding;
using Percheron.Drafters.Trees;
using Percheron.Models;

namespace Percheron.Drafters;

/// <summary>
/// Three levels for long texts: a small drafter guesses, the target reading only part of its cache confirms the guesses and drafts a chain of its own tokens, and the target with all of its
/// cache verifies that chain.
/// </summary>
/// <remarks>
/// The middle level has the target's weights and no cache of its own: it reads the first rows, the latest ones and the pieces that the last query liked best. Each of its forwards holds what the
/// inner drafter guesses behind the last token; every drafted token is its own and carries its law. The inner drafter sees a child sequence and learns from the middle level.
/// </remarks>
[Method(Source = "TriForce, arXiv 2404.11912 §4", Examples = ["triforce(ngram)", "triforce(model(depth=2), window=8, sinks=1, chunks=1, length=4)"])]
public sealed class TriforceDrafter : Drafter
{
    private readonly OwnDrafts _drafts;

    /// <param name="inner">Guesses for the middle level.</param>
    /// <param name="target">The target itself; the caller keeps owning it.</param>
    /// <param name="window">Latest tokens that the middle level reads at least, twice as many at most.</param>
    /// <param name="sinks">First tokens that it always reads.</param>
    /// <param name="chunks">Pieces of 16 tokens between them that it reads, those nearest to the last query before the window moves on.</param>
    /// <param name="length">Tokens drafted for the target at most, 1 to 256; the plan of a budget may stop earlier.</param>
    /// <param name="guesses">Tokens guessed for each forward of the middle level, 1 to 64.</param>
    /// <exception cref="ArgumentException">An option is out of range, or the inner drafter needs hidden states, which the middle level does not give.</exception>
    public TriforceDrafter(Drafter inner, ILayeredModel target, int window = 256, int sinks = 4, int chunks = 32, int length = 6, int guesses = 2)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(window, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(sinks);
        ArgumentOutOfRangeException.ThrowIfNegative(chunks);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(guesses, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(guesses, 64);
        LevelGrower middle = new(target.View(new ViewOptions()), length, width: 1, new ChainTree(), confidence: 0) { Foresight = new Foresight(Foresight.Checked(inner), guesses, width: 1) };
        _drafts = new OwnDrafts(middle, new SparseReading(sinks, window, chunks));
    }

    /// <inheritdoc/>
    public override IModel? Model => _drafts.Model;

    /// <inheritdoc/>
    public override void Draft(ReadOnlySpan<DraftSlot> batch) => _drafts.Draft(batch);

    /// <inheritdoc/>
    public override void Observe(in Step step) => _drafts.Observe(step);

    /// <inheritdoc/>
    public override void Release(Sequence sequence) => _drafts.Release(sequence);
}
