using Percheron.Models;

namespace Percheron.Decoding;

/// <summary>Generation: a machine with memory that guesses continuations cheaply. Derive, implement one <c>Draft</c>, and the catalogue finds it.</summary>
/// <remarks>
/// State is kept per sequence (<see cref="PerSequence{T}"/>). All randomness comes from <see cref="Sequence.Random"/>, by <c>Draw</c> only. What is drafted may
/// depend on committed tokens, on earlier answers and on measured times, never on the target's answer to come.
/// </remarks>
[MethodKind("drafter", Suffix = "Drafter")]
public abstract class Drafter
{
    /// <summary>Which hidden states of committed rows this drafter wants back in <see cref="Observe"/>.</summary>
    public virtual FeatureSet Features => FeatureSet.None;

    /// <summary>The model whose forwards its drafts cost, one for each level; null where drafting costs next to nothing.</summary>
    public virtual IModel? Model => null;

    /// <summary>The drafters it is made of.</summary>
    public virtual IReadOnlyList<Drafter> Members => [];

    /// <summary>Grows candidates and probes under the root of each tree, within its <see cref="TokenTree.Room"/>. Model-based drafters make one forward per level for the whole batch.</summary>
    public virtual void Draft(ReadOnlySpan<DraftSlot> batch)
    {
        foreach (DraftSlot slot in batch) Draft(slot.Sequence, slot.Tree);
    }

    /// <summary>Grows candidates and probes under the root of one tree.</summary>
    protected virtual void Draft(Sequence sequence, TokenTree tree) { }

    /// <summary>
    /// The target is about to evaluate these proposals, which are final; the batch is that of <see cref="Draft(ReadOnlySpan{DraftSlot})"/>. A drafter with threads of its own may go
    /// on beside the target from here; a composite tells its members.
    /// </summary>
    public virtual void Verifying(ReadOnlySpan<DraftSlot> batch) { }

    /// <summary>
    /// Rows over an overlay of the sequence's cache that the target is to answer in the same forward as this step's proposal, asked after <see cref="Draft(ReadOnlySpan{DraftSlot})"/>; null for none. They are read back in
    /// <see cref="Observe"/>. A composite does not ask its members.
    /// </summary>
    /// <param name="sequence">One that is drafted for.</param>
    /// <param name="limit">Positions it may have at most.</param>
    public virtual Rows? Aside(Sequence sequence, long limit) => null;

    /// <summary>Learns from one finished step of one sequence: target logits at every node, accepted path, next token, hidden states of committed rows.</summary>
    public virtual void Observe(in Step step) { }

    /// <summary>Learns what the whole step took, after <see cref="Observe"/> of its sequences, where the loop's policy tells (<see cref="TimedBudget"/>).</summary>
    public virtual void ObserveTimes(in StepTimes times)
    {
        for (int i = 0; i < Members.Count; i++) Members[i].ObserveTimes(times);
    }

    /// <summary>Frees what is kept for a sequence: it has finished, or is preempted and will be rebuilt from its tokens.</summary>
    public virtual void Release(Sequence sequence) { }
}
