using Percheron.Decoding;

namespace Percheron.Drafters;

/// <summary>When a drafter with a model of its own stops drafting. It works with every shape of tree; a policy belongs to one drafter.</summary>
/// <remarks>
/// It sees laws before tokens are drawn from them, committed tokens and earlier acceptance, never a token that was drawn but not committed, so every ratio rule stays exact
/// (methods.md P3). What it stops behind is still proposed: its row is cheap and its law was paid for.
/// </remarks>
[MethodKind("length", Suffix = "Length")]
public abstract class DraftLength
{
    /// <summary>Levels to draft at most in the coming step.</summary>
    /// <param name="sequence">For whom.</param>
    /// <param name="most">What the drafter allows.</param>
    public virtual int Levels(Sequence sequence, int most) => most;

    /// <summary>Whether to draft on behind a token that is drawn from this law; asked before it is drawn.</summary>
    /// <param name="sequence">For whom.</param>
    /// <param name="law">The draft's law; at temperature 0 that of temperature 1.</param>
    public virtual bool GoesOn(Sequence sequence, Distribution law) => true;

    /// <summary>The same, for a policy that looks at more than the law.</summary>
    public virtual bool GoesOn(in DraftPoint point) => GoesOn(point.Sequence, point.Law);

    /// <summary>Learns from a finished step in which this drafter's proposal was verified.</summary>
    /// <param name="step">The step.</param>
    /// <param name="drafted">Length of the longest path that was proposed, at least 1.</param>
    public virtual void Observe(in Step step, int drafted) { }

    /// <summary>Frees what is kept for a sequence.</summary>
    public virtual void Release(Sequence sequence) { }
}
