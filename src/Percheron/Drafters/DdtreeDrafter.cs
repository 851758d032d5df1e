using Percheron.Decoding;
using Percheron.Drafters.Trees;
using Percheron.Models.Heads;

namespace Percheron.Drafters;

/// <summary>Of one pass over a block the most probable paths, best first: guesses at different places are independent, so the probability of a path is a product, and the best tree of n nodes holds the n most probable paths.</summary>
/// <remarks>Its candidates are fixed, whatever the temperature: no law is needed to verify them.</remarks>
[Method(Source = "DDTree, arXiv 2604.12989", Examples = ["ddtree", "ddtree(width=4)"])]
public sealed class DdtreeDrafter : HeadDrafter
{
    // Answers below the root cost no forward, so many nodes are looked at together.
    private const int Expand = 8;

    /// <param name="dflash">A block draft, the weights of which any of its kind may be; the caller keeps owning it.</param>
    /// <param name="depth">Levels of the tree, at most as many as a block guesses; −1 is as many as the plan of the budget finds worth their time, 7 without one.</param>
    /// <param name="width">Children of a node, 1 to 64; 1 is a chain.</param>
    /// <param name="tree">Where candidates stand and how they are chosen; without one the most probable paths are grown until none could still be among those that are proposed.</param>
    /// <param name="confidence">Stops growing where the product of the laws' highest probabilities along the path falls below this; 0 never stops early, −1 leaves it to the plan of the budget and is 0.6 without one.</param>
    /// <param name="length">When to stop drafting; with one, depth and confidence hold only as far as they are given.</param>
    /// <exception cref="ArgumentException">An option is out of range, or a chain is to be wide.</exception>
    public DdtreeDrafter(IHead dflash, int depth = -1, int width = 8, TreeShape? tree = null, double confidence = -1, DraftLength? length = null)
        : base(dflash, depth, width, tree ?? new SpecExecTree(Expand, decay: 1), confidence, length)
    {
    }
}
