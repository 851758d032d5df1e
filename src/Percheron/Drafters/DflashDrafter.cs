using Percheron.Decoding;
using Percheron.Models.Heads;

namespace Percheron.Drafters;

/// <summary>A block draft: masks behind the last token, evaluated at once, see each other and the target's hidden states of everything before; each guesses the token at its own place.</summary>
/// <remarks>One forward for all levels. A guess depends on what is known before the block, not on the guesses between, so a drawn path has the law of a product and every rule for drawn tokens is exact.</remarks>
[Method(Source = "DFlash, arXiv 2602.06036", Examples = ["dflash", "dflash(depth=4, confidence=0)"])]
public sealed class DflashDrafter : HeadDrafter
{
    /// <param name="dflash">The block draft; the caller keeps owning it.</param>
    /// <param name="depth">Levels of the tree, at most as many as a block guesses; −1 is as many as the plan of the budget finds worth their time, 7 without one.</param>
    /// <param name="width">Children of a node and nodes expanded on each level, 1 to 64; 1 is a chain.</param>
    /// <param name="tree">Where candidates stand and how they are chosen; without one they are drawn, and siblings are distinct.</param>
    /// <param name="confidence">Stops growing where the product of the laws' highest probabilities along the path falls below this; 0 never stops early, −1 leaves it to the plan of the budget and is 0.6 without one.</param>
    /// <param name="length">When to stop drafting; with one, depth and confidence hold only as far as they are given.</param>
    /// <exception cref="ArgumentException">An option is out of range, or a chain is to be wide.</exception>
    public DflashDrafter(IHead dflash, int depth = -1, int width = 1, TreeShape? tree = null, double confidence = -1, DraftLength? length = null)
        : base(dflash, depth, width, tree, confidence, length)
    {
    }
}
