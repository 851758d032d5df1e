using Percheron.Decoding;
using Percheron.Models;

namespace Percheron.Drafters;

/// <summary>
/// Self-speculation with layers chosen on line: while text is generated, other sets of attentions and feed-forward layers to leave out are tried on its last tokens, and the set that says
/// them best drafts.
/// </summary>
/// <remarks>
/// The first and the last layer stay. A trial is two forwards over the last tokens, one with the set in use and one with the other, and happens every few steps until enough were
/// tried, none was better for long, or nearly everything is said already. What was found serves all sequences, and those that come later.
/// </remarks>
[Method(Source = "SWIFT, arXiv 2410.06916 §4; sets are proposed by chance and by exchange instead of Bayesian optimisation", Examples = ["swift", "swift(share=0.25, every=1, text=8, trials=12)"])]
public sealed class SwiftDrafter : Drafter
{
    // A set that says so much of the text is good enough.
    private const double Enough = 0.97;

    private readonly OwnDrafts _drafts;
    private readonly IModel _trial;
    private readonly PerSequence<LayerTrial> _trials = new(static sequence => new LayerTrial(sequence.Cache!));
    private readonly int _every, _text, _most, _patience;
    private int _calls;
    private bool _found;

    /// <param name="target">The target itself; the caller keeps owning it.</param>
    /// <param name="share">Share of the attentions and feed-forward layers between the first and the last layer that are left out.</param>
    /// <param name="every">Steps from one trial to the next.</param>
    /// <param name="text">Tokens a trial looks at.</param>
    /// <param name="trials">Sets tried at most.</param>
    /// <param name="patience">Sets tried in a row without one being better, after which the search ends.</param>
    /// <param name="depth">Levels of the tree; −1 is as many as the plan of the budget finds worth their time, 4 without one.</param>
    /// <param name="width">Children of a node and nodes expanded on each level; 1 is a chain.</param>
    /// <param name="tree">Where candidates stand and how they are chosen; without one they are drawn, and siblings are distinct.</param>
    /// <param name="confidence">Stops growing where the product of the laws' highest probabilities along the path falls below this; −1 leaves it to the plan of the budget and is 0.6 without one.</param>
    /// <param name="length">When to stop drafting; with one, depth and confidence hold only as far as they are given.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public SwiftDrafter(ILayeredModel target, double share = 0.45, int every = 4, int text = 32, int trials = 60, int patience = 30,
        int depth = -1, int width = 1, TreeShape? tree = null, double confidence = -1, DraftLength? length = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(every, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(text, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(trials);
        ArgumentOutOfRangeException.ThrowIfLessThan(patience, 1);
        Search = new LayerSearch(target.LayerCount, share);
        (_every, _text, _most, _patience) = (every, text, trials, patience);
        _trial = target.View(new ViewOptions { Switches = Search.Candidate });
        _drafts = new OwnDrafts(new LevelGrower(target.View(new ViewOptions { Switches = Search.Best }), depth, width, tree, confidence, length) { FreeDepth = 4 });
    }

    /// <inheritdoc/>
    public override IModel? Model => _drafts.Model;

    /// <summary>What was tried and found.</summary>
    internal LayerSearch Search { get; }

    /// <inheritdoc/>
    public override void Draft(ReadOnlySpan<DraftSlot> batch)
    {
        if (!_found && Search.HasChoice && ++_calls % _every == 0)
            foreach (DraftSlot slot in batch)
                if (Try(slot.Sequence)) break;
        _drafts.Draft(batch);
    }

    /// <inheritdoc/>
    public override void Observe(in Step step) => _drafts.Observe(step);

    /// <inheritdoc/>
    public override void Release(Sequence sequence)
    {
        _trials.Release(sequence);
        _drafts.Release(sequence);
    }

    // Only a sequence that is decoding has text that stands in the cache up to its last token.
    private bool Try(Sequence sequence)
    {
        if (Search.Tried >= _most || sequence.Cache is not { } cache || cache.Length != sequence.Count - 1 || sequence.Count < _text + 2) return false;
        LayerTrial trial = _trials[sequence];
        Search.Propose();
        double best = trial.Agreement(_drafts.Model, sequence.Tokens, _text), candidate = trial.Agreement(_trial, sequence.Tokens, _text);
        Search.Compare(best, candidate);
        _found = Search.Tried >= _most || Search.Idle >= _patience || Math.Max(best, candidate) >= Enough;
        return true;
    }
}
