using Percheron.Decoding;
using Percheron.Drafters.Trees;
using Percheron.Models.Heads;

namespace Percheron.Drafters;

/// <summary>A recurrent net on the target's last hidden state reads along every path of a tree; the most probable paths are proposed, what a beam search would find.</summary>
[Method(Source = "ReDrafter, arXiv 2403.09919", Examples = ["redrafter", "redrafter(width=1, tree=sampled)"])]
public sealed class RedrafterDrafter : HeadDrafter
{
    /// <param name="redrafter">The net; the caller keeps owning it.</param>
    /// <param name="depth">Levels of the tree, at most as many as it was trained for; −1 is as many as the plan of the budget finds worth their time, all without one.</param>
    /// <param name="width">Children of a node and nodes expanded on each level, 1 to 64; 1 is a chain.</param>
    /// <param name="tree">Where candidates stand and how they are chosen; without one the most probable paths.</param>
    /// <param name="confidence">Stops growing where the product of the laws' highest probabilities along the path falls below this; 0 never stops early, −1 leaves it to the plan of the budget and is 0.6 without one.</param>
    /// <param name="length">When to stop drafting; with one, depth and confidence hold only as far as they are given.</param>
    /// <exception cref="ArgumentException">An option is out of range, or a chain is to be wide.</exception>
    public RedrafterDrafter(IHead redrafter, int depth = -1, int width = 4, TreeShape? tree = null, double confidence = -1, DraftLength? length = null)
        : base(redrafter, depth, width, tree ?? new TopKTree(), confidence, length)
    {
    }
}
