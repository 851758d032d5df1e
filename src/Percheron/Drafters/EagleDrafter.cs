using Percheron.Decoding;
using Percheron.Models.Heads;

namespace Percheron.Drafters;

/// <summary>One decoder layer foretells the target's next hidden state from its last one and the token after it, again and again; the target's own vocabulary projection turns states into tokens.</summary>
/// <remarks>It sees the tokens drawn on the way, so a tree of any shape grows level by level, one forward of the layer for each.</remarks>
[Method(Source = "EAGLE, arXiv 2401.15077", Examples = ["eagle", "eagle(width=2, depth=4)"])]
public sealed class EagleDrafter : HeadDrafter
{
    /// <param name="eagle">The head; the caller keeps owning it.</param>
    /// <param name="depth">Levels of the tree, 1 to 256; −1 is as many as the plan of the budget finds worth their time, 7 without one.</param>
    /// <param name="width">Children of a node and nodes expanded on each level, 1 to 64; 1 is a chain.</param>
    /// <param name="tree">Where candidates stand and how they are chosen; without one they are drawn, and siblings are distinct.</param>
    /// <param name="confidence">Stops growing where the product of the laws' highest probabilities along the path falls below this; 0 never stops early, −1 leaves it to the plan of the budget and is 0.6 without one.</param>
    /// <param name="length">When to stop drafting; with one, depth and confidence hold only as far as they are given.</param>
    /// <exception cref="ArgumentException">An option is out of range, or a chain is to be wide.</exception>
    public EagleDrafter(IHead eagle, int depth = -1, int width = 1, TreeShape? tree = null, double confidence = -1, DraftLength? length = null)
        : base(eagle, depth, width, tree, confidence, length)
    {
    }
}
