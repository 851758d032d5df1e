using Percheron.Decoding;
using Percheron.Models.Heads;

namespace Percheron.Drafters;

/// <summary>A module for multi-token prediction, trained with the target or for it, is used again and again: each time it reads the state it made and the token that was drawn from it.</summary>
/// <remarks>The vocabulary projection is the target's, or one of the module's own that holds the frequent tokens only.</remarks>
[Method(Source = "Multi-token prediction: DeepSeek-V3, arXiv 2412.19437 §2.2; recursive: FastMTP, arXiv 2509.18362", Examples = ["mtp", "mtp(depth=3)"])]
public sealed class MtpDrafter : HeadDrafter
{
    /// <param name="mtp">The module; the caller keeps owning it.</param>
    /// <param name="depth">Levels of the tree, 1 to 256; −1 is as many as the plan of the budget finds worth their time, 7 without one.</param>
    /// <param name="width">Children of a node and nodes expanded on each level, 1 to 64; 1 is a chain.</param>
    /// <param name="tree">Where candidates stand and how they are chosen; without one they are drawn, and siblings are distinct.</param>
    /// <param name="confidence">Stops growing where the product of the laws' highest probabilities along the path falls below this; 0 never stops early, −1 leaves it to the plan of the budget and is 0.6 without one.</param>
    /// <param name="length">When to stop drafting; with one, depth and confidence hold only as far as they are given.</param>
    /// <exception cref="ArgumentException">An option is out of range, or a chain is to be wide.</exception>
    public MtpDrafter(IHead mtp, int depth = -1, int width = 1, TreeShape? tree = null, double confidence = -1, DraftLength? length = null)
        : base(mtp, depth, width, tree, confidence, length)
    {
    }
}
