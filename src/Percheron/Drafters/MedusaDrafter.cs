using Percheron.Decoding;
using Percheron.Models.Heads;

namespace Percheron.Drafters;

/// <summary>Heads on the target's last hidden state guess the tokens behind the next one, each for its own distance and without seeing the others' guesses.</summary>
/// <remarks>They cost no forward of a model: one small layer and one vocabulary projection for each level.</remarks>
[Method(Source = "Medusa, arXiv 2401.10774", Examples = ["medusa", "medusa(width=2, tree=opt-tree)"])]
public sealed class MedusaDrafter : HeadDrafter
{
    /// <param name="medusa">The heads; the caller keeps owning them.</param>
    /// <param name="depth">Levels of the tree, at most as many as there are heads; −1 is as many as the plan of the budget finds worth their time, all without one.</param>
    /// <param name="width">Children of a node and nodes expanded on each level, 1 to 64; 1 is a chain.</param>
    /// <param name="tree">Where candidates stand and how they are chosen; without one they are drawn, and siblings are distinct.</param>
    /// <param name="confidence">Stops growing where the product of the laws' highest probabilities along the path falls below this; 0 never stops early, −1 leaves it to the plan of the budget and is 0.6 without one.</param>
    /// <param name="length">When to stop drafting; with one, depth and confidence hold only as far as they are given.</param>
    /// <exception cref="ArgumentException">An option is out of range, or a chain is to be wide.</exception>
    public MedusaDrafter(IHead medusa, int depth = -1, int width = 1, TreeShape? tree = null, double confidence = -1, DraftLength? length = null)
        : base(medusa, depth, width, tree, confidence, length)
    {
    }
}
