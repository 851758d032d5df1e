using Percheron.Decoding;
using Percheron.Models.Heads;

namespace Percheron.Drafters;

/// <summary>One decoder layer drafts from hidden states at several depths of the target, and below them from its own output, as it was trained to.</summary>
/// <remarks>A vocabulary projection of its own holds the frequent tokens only; what it lacks is never proposed.</remarks>
[Method(Source = "EAGLE-3, arXiv 2503.01840", Examples = ["eagle3", "eagle3(width=3, tree=top-k)"])]
public sealed class Eagle3Drafter : HeadDrafter
{
    /// <param name="eagle3">The head; the caller keeps owning it.</param>
    /// <param name="depth">Levels of the tree, 1 to 256; −1 is as many as the plan of the budget finds worth their time, 7 without one.</param>
    /// <param name="width">Children of a node and nodes expanded on each level, 1 to 64; 1 is a chain.</param>
    /// <param name="tree">Where candidates stand and how they are chosen; without one they are drawn, and siblings are distinct.</param>
    /// <param name="confidence">Stops growing where the product of the laws' highest probabilities along the path falls below this; 0 never stops early, −1 leaves it to the plan of the budget and is 0.6 without one.</param>
    /// <param name="length">When to stop drafting; with one, depth and confidence hold only as far as they are given.</param>
    /// <exception cref="ArgumentException">An option is out of range, or a chain is to be wide.</exception>
    public Eagle3Drafter(IHead eagle3, int depth = -1, int width = 1, TreeShape? tree = null, double confidence = -1, DraftLength? length = null)
        : base(eagle3, depth, width, tree, confidence, length)
    {
    }
}
