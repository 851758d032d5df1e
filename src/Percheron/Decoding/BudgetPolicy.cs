namespace Percheron.Decoding;

/// <summary>How many nodes are worth verifying now. 0 is plain decoding.</summary>
/// <remarks>It may depend on committed tokens, on earlier acceptance and on measured times, never on candidates already drawn (methods.md P3).</remarks>
public abstract class BudgetPolicy
{
    /// <summary>What nodes must be worth in the step that has begun; null where they are free up to the budget.</summary>
    public virtual TreePlan? Plan => null;

    /// <summary>A step of these sequences begins; <see cref="Nodes"/> is asked next, for each of them.</summary>
    public virtual void Begin(ReadOnlySpan<Sequence> batch) { }

    /// <summary>Largest number of nodes behind the root of <paramref name="sequence"/> in the coming step.</summary>
    public abstract int Nodes(Sequence sequence);

    /// <summary>Learns from one finished step of one sequence.</summary>
    public virtual void Observe(in Step step) { }

    /// <summary>Learns what the whole step took, after <see cref="Observe(in Step)"/> of its sequences.</summary>
    public virtual void Observe(in StepTimes times) { }

    /// <summary>Frees what is kept for a sequence that has finished.</summary>
    public virtual void Release(Sequence sequence) { }
}
