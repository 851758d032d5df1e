using System.Numerics.Tensors;
using Percheron.Decoding;
using Percheron.Models;

namespace Percheron.Drafters;

/// <summary>
/// Self-speculation with attentions and feed-forward layers chosen off line, by <c>percheron layers</c>, and a stop that adapts: drafting ends behind a token of less
/// confidence than a threshold, which moves so that a given share of what is drafted is accepted.
/// </summary>
[Method(Source = "Draft & Verify, arXiv 2309.08168 §3.2 (set of layers), §3.3 (adaptive stop)", Examples = ["draft-and-verify", "draft-and-verify(skip=a1-m1-m2, depth=4)"])]
public sealed class DraftAndVerifyDrafter : Drafter
{
    private readonly OwnDrafts _drafts;

    /// <param name="target">The target itself; the caller keeps owning it.</param>
    /// <param name="skip">What is left out, as <c>percheron layers</c> prints it: a3-m5 is the attention of layer 3 and the feed-forward layer (MLP) of layer 5; empty leaves out every second layer between the first and the last.</param>
    /// <param name="depth">Tokens drafted at most.</param>
    /// <param name="accepted">Share of the drafted tokens the threshold aims at.</param>
    /// <exception cref="ArgumentException">An option is out of range, or nothing of that name can be left out.</exception>
    public DraftAndVerifyDrafter(ILayeredModel target, string skip = "", int depth = 8, double accepted = 0.9)
    {
        if (!(accepted is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(accepted), "accepted is a share, 0 to 1");
        IModel view = target.View(new ViewOptions { Switches = Set(skip, target.LayerCount) });
        _drafts = new OwnDrafts(new LevelGrower(view, depth, 1, null, 0, new AdaptiveStop(accepted)));
    }

    /// <inheritdoc/>
    public override IModel? Model => _drafts.Model;

    /// <inheritdoc/>
    public override void Draft(ReadOnlySpan<DraftSlot> batch) => _drafts.Draft(batch);

    /// <inheritdoc/>
    public override void Observe(in Step step) => _drafts.Observe(step);

    /// <inheritdoc/>
    public override void Release(Sequence sequence) => _drafts.Release(sequence);

    private static LayerSwitches Set(string skip, int layers)
    {
        if (skip.Length > 0) return LayerSwitches.Parse(skip, layers);
        LayerSwitches even = new(layers);
        for (int layer = 2; layer < layers - 1; layer += 2) (even[2 * layer], even[(2 * layer) + 1]) = (false, false);
        return even;
    }

    private sealed class AdaptiveStop(double accepted) : DraftLength
    {
        // As published: how much of the old is kept, of the acceptance and of the threshold, and the step.
        private const double KeepAcceptance = 0.5, KeepThreshold = 0.9, Move = 0.01, First = 0.8;

        private readonly PerSequence<State> _states = new(_ => new State(accepted));

        public override bool GoesOn(Sequence sequence, Distribution law) => TensorPrimitives.Max(law.Probabilities) >= _states[sequence].Threshold;

        public override void Observe(in Step step, int drafted)
        {
            State state = _states[step.Sequence];
            state.Acceptance = (KeepAcceptance * state.Acceptance) + ((1 - KeepAcceptance) * Math.Min(step.Acceptance.Path.Length, drafted) / drafted);
            double wanted = state.Threshold + (state.Acceptance < accepted ? Move : -Move);
            state.Threshold = Math.Clamp((KeepThreshold * state.Threshold) + ((1 - KeepThreshold) * wanted), 0, 1);
        }

        public override void Release(Sequence sequence) => _states.Release(sequence);

        private sealed class State(double accepted)
        {
            public double Acceptance = accepted, Threshold = First;
        }
    }
}
