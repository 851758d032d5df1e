namespace Percheron.Models.Heads;

/// <summary>A row whose block is evaluated.</summary>
internal struct BlockAnchor
{
    /// <summary>Its number in the forward.</summary>
    public int Index;

    /// <summary>Whose.</summary>
    public BlockCache Cache;

    /// <summary>The scratch row that holds the target's state before the anchor.</summary>
    public int Scratch;

    /// <summary>The token at the head of the block.</summary>
    public int Token;

    /// <summary>Where the block's rows stand among the keys and values of the cache.</summary>
    public int Slot;

    /// <summary>Positions that lie in the slots of their number.</summary>
    public int Contiguous;

    /// <summary>Where what the block sees beside its contiguous positions begins in the list of slots, and how many these are.</summary>
    public int TailStart, TailCount;

    /// <summary>What the pass leaves.</summary>
    public DraftBlock Block;

    /// <summary>Position of the block's first row.</summary>
    public readonly int Position => Cache.Position(Scratch) + 1;
}
