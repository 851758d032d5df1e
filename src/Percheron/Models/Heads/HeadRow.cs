namespace Percheron.Models.Heads;

/// <summary>A row that a head answers from a state of the target and from the tokens behind it.</summary>
internal struct HeadRow
{
    /// <summary>Where it was asked for and where its answer goes.</summary>
    public Rows Owner;

    /// <summary>The owner's cache.</summary>
    public AnchoredCache Cache;

    /// <summary>Row of the owner.</summary>
    public int Row;

    /// <summary>Scratch row of the cache.</summary>
    public int Scratch;

    /// <summary>Whether its logits are wanted.</summary>
    public readonly bool IsWanted => Owner.WantsLogits(Row);

    /// <summary>Position of the state it goes back to; −1 is a state of zeros.</summary>
    public readonly int Anchor => Cache.Anchor(Scratch);

    /// <summary>Rows between the one that read that state and this one; 0 if it is this one.</summary>
    public readonly int Distance => Cache.Distance(Scratch);

    /// <summary>Gives its answer.</summary>
    public readonly void Write(ReadOnlySpan<float> logits) => logits.CopyTo(Owner.LogitBuffer(Row));

    /// <summary>Copies the state it goes back to.</summary>
    public readonly void ReadState(Span<float> target)
    {
        ReadOnlySpan<float> state = Anchor < 0 ? [] : Cache.State(Anchor);
        if (state.IsEmpty) target.Clear();
        else state.CopyTo(target);
    }
}
