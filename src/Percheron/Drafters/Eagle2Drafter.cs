using Percheron.Decoding;
using Percheron.Drafters.Trees;
using Percheron.Models.Heads;

namespace Percheron.Drafters;

/// <summary>A head that foretells hidden states grows the tree its own probabilities call for: every level expands the most probable nodes, and of all that were looked at the most probable paths are proposed.</summary>
/// <remarks>Candidates are fixed, not drawn, so any exact verifier may judge them by their tokens.</remarks>
[Method(Source = "EAGLE-2, arXiv 2406.16858", Examples = ["eagle2", "eagle2(width=8, depth=3)"])]
public sealed class Eagle2Drafter : HeadDrafter
{
    /// <param name="eagle">The head, the same as without such trees; the caller keeps owning it.</param>
    /// <param name="depth">Levels of the tree, 1 to 256; −1 is as many as the plan of the budget finds worth their time, 7 without one.</param>
    /// <param name="width">Children of a node and nodes expanded on each level, 1 to 64.</param>
    /// <param name="confidence">Stops growing where the product of the laws' highest probabilities along the path falls below this; 0 never stops early, −1 is 0.6 where the budget has no plan.</param>
    /// <param name="length">When to stop drafting; with one, depth and confidence hold only as far as they are given.</param>
    /// <exception cref="ArgumentException">An option is out of range, or a chain is to be wide.</exception>
    public Eagle2Drafter(IHead eagle, int depth = -1, int width = 4, double confidence = 0, DraftLength? length = null)
        : base(eagle, depth, width, new TopKTree(), confidence, length)
    {
    }
}
