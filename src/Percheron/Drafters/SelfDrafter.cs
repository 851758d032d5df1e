using Percheron.Decoding;
using Percheron.Formats;
using Percheron.Models;

namespace Percheron.Drafters;

/// <summary>The target drafts for itself, made cheaper: with some of its layers left out, with its weights in a lower precision, or reading only part of a long text. No second model and no second cache are needed.</summary>
/// <remarks>
/// Quantized, it has a copy of the matrices and reads the keys and values of the target; sparse, it reads the first tokens, the latest ones and, if asked for, the pieces in between
/// that the last query liked best. The three go together.
/// </remarks>
[Method(Source = "Draft & Verify, arXiv 2309.08168; SWIFT, arXiv 2410.06916 (first and last layer kept); quantized: QSpec, arXiv 2410.11305; sparse: StreamingLLM, arXiv 2309.17453, TriForce, arXiv 2404.11912, MagicDec, arXiv 2408.11049",
    Examples = ["self", "self(skip=2, depth=3)", "self(precision=q4_0)", "self(window=4, sinks=1)", "self(window=8, sinks=1, chunks=1)"])]
public sealed class SelfDrafter : Drafter
{
    private readonly OwnDrafts _drafts;

    /// <param name="target">The target itself; the caller keeps owning it.</param>
    /// <param name="skip">Layers left out, spread evenly between the first and the last, which stay; −1 leaves out every second one between them, none where precision or window is given.</param>
    /// <param name="depth">Levels of the tree, so the most tokens one step can win from it, 1 to 256; −1 is as many as the plan of the budget finds worth their time, 4 without one.</param>
    /// <param name="width">Children of a node and nodes expanded on each level, 1 to 64; 1 is a chain.</param>
    /// <param name="tree">Where candidates stand and how they are chosen; without one they are drawn, and siblings are distinct.</param>
    /// <param name="confidence">Stops growing where the product of the laws' highest probabilities along the path falls below this; 0 never stops early, −1 leaves it to the plan of the budget and is 0.6
    /// without one: a level of the target's own layers is dear.</param>
    /// <param name="length">When to stop drafting; with one, depth and confidence hold only as far as they are given.</param>
    /// <param name="precision">What the weights are copied to: q8_0, q6_k, q4_k, q4_0 or bf16; without one they are the target's.</param>
    /// <param name="window">Latest tokens that are read at least, twice as many at most; 0 reads the whole text.</param>
    /// <param name="sinks">First tokens that are always read, where there is a window.</param>
    /// <param name="chunks">Pieces of 16 tokens between them that are read, those nearest to the last query before the window moves on.</param>
    /// <exception cref="ArgumentException">An option is out of range, a chain is to be wide, or there are chunks without a window.</exception>
    public SelfDrafter(ILayeredModel target, int skip = -1, int depth = -1, int width = 1, TreeShape? tree = null, double confidence = -1, DraftLength? length = null,
        TensorType? precision = null, int window = 0, int sinks = 4, int chunks = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(window);
        ArgumentOutOfRangeException.ThrowIfNegative(sinks);
        ArgumentOutOfRangeException.ThrowIfNegative(chunks);
        if (chunks > 0 && window == 0) throw new ArgumentException("chunks are what is read besides a window: give one, as in window=256", nameof(chunks));
        if (skip == -1 && (precision is not null || window > 0)) skip = 0;
        IModel view = target.View(new ViewOptions { Layers = Layers(target.LayerCount, skip), Precision = precision });
        _drafts = new OwnDrafts(new LevelGrower(view, depth, width, tree, confidence, length) { FreeDepth = 4 }, window > 0 ? new SparseReading(sinks, window, chunks) : null);
    }

    /// <inheritdoc/>
    public override IModel? Model => _drafts.Model;

    /// <inheritdoc/>
    public override void Draft(ReadOnlySpan<DraftSlot> batch) => _drafts.Draft(batch);

    /// <inheritdoc/>
    public override void Observe(in Step step) => _drafts.Observe(step);

    /// <inheritdoc/>
    public override void Release(Sequence sequence) => _drafts.Release(sequence);

    /// <summary>The layers that stay, ascending.</summary>
    internal static int[] Layers(int count, int skip)
    {
        int between = Math.Max(count - 2, 0);
        if (skip == -1) skip = between / 2;
        if (skip < 0 || skip > between)
            throw new ArgumentOutOfRangeException(nameof(skip), $"skip is 0 to {between} for a model of {count} layers, of which the first and the last stay, or -1");
        // Layer 1 + i is left out where (i + 1) · skip / between passes a whole number.
        var kept = new List<int>();
        for (int layer = 0; layer < count; layer++)
        {
            int i = layer - 1;
            bool inside = layer > 0 && layer < count - 1;
            if (!inside || (i + 1) * skip / between == i * skip / between) kept.Add(layer);
        }
        return [.. kept];
    }
}
