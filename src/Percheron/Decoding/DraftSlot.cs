namespace Percheron.Decoding;

/// <summary>One sequence of a batch and the tree to grow for it; the root is its last committed token.</summary>
public readonly record struct DraftSlot(Sequence Sequence, TokenTree Tree);
