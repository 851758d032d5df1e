namespace Percheron.Decoding;

/// <summary>How many nodes are worth verifying now. 0 is plain decoding.</summary>
/// <remarks>It may depend on committed tokens, on earlier acceptance and on measured times, never on candidates already drawn (methods.md P3).</remarks>
public abstract class BudgetPolicy
{
    /// <summary>Largest number of nodes behind the root of <paramref name="sequence"/> in the coming step.</summary>
    public abstract int Nodes(Sequence sequence);

    /// <summary>Learns from one finished step.</summary>
    public virtual void Observe(in Step step) { }

    /// <summary>Frees what is kept for a sequence that has finished.</summary>
    public virtual void Release(Sequence sequence) { }
}
