namespace Percheron.Models;

/// <summary>One row of a forward: where it comes from, where it stands and what it may attend to.</summary>
internal struct RowEntry
{
    /// <summary>Where it was asked for and where its outputs go.</summary>
    public Rows Owner;

    /// <summary>The owner's cache.</summary>
    public TransformerCache Cache;

    /// <summary>Row of the owner.</summary>
    public int Row;

    /// <summary>Scratch row of the cache.</summary>
    public int Scratch;

    /// <summary>Absolute position.</summary>
    public int Position;

    /// <summary>Layer of this model at which it starts.</summary>
    public int StartLayer;

    /// <summary>Where its logits stand among those of the batch; −1 where none are wanted.</summary>
    public int Logit;

    /// <summary>Ancestors that lie one behind the other from committed position 0 on, itself included.</summary>
    public int Contiguous;

    /// <summary>Where its other ancestors, itself included, begin in the list of scratch rows.</summary>
    public int TailStart;

    /// <summary>How many these are.</summary>
    public int TailCount;
}
