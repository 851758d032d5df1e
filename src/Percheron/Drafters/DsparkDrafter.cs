using Percheron.Decoding;
using Percheron.Models.Heads;

namespace Percheron.Drafters;

/// <summary>A block draft whose last token guesses, too, and whose guesses are corrected by the token chosen before each: one pass for the block, then a bias of low rank for each level.</summary>
/// <remarks>It says of each guess how likely it is to be accepted, which the length <c>survival</c> reads.</remarks>
[Method(Source = "DSpark, arXiv 2607.05147", Examples = ["dspark", "dspark(length=survival)"])]
public sealed class DsparkDrafter : HeadDrafter
{
    /// <param name="dspark">The block draft with its sequential head; the caller keeps owning it.</param>
    /// <param name="depth">Levels of the tree, at most as many as a block guesses; −1 is as many as the plan of the budget finds worth their time, 7 without one.</param>
    /// <param name="width">Children of a node and nodes expanded on each level, 1 to 64; 1 is a chain.</param>
    /// <param name="tree">Where candidates stand and how they are chosen; without one they are drawn, and siblings are distinct.</param>
    /// <param name="confidence">Stops growing where the product of the laws' highest probabilities along the path falls below this; 0 never stops early, −1 leaves it to the plan of the budget and is 0.6 without one.</param>
    /// <param name="length">When to stop drafting; with one, depth and confidence hold only as far as they are given.</param>
    /// <exception cref="ArgumentException">An option is out of range, or a chain is to be wide.</exception>
    public DsparkDrafter(IHead dspark, int depth = -1, int width = 1, TreeShape? tree = null, double confidence = -1, DraftLength? length = null)
        : base(dspark, depth, width, tree, confidence, length)
    {
    }
}
