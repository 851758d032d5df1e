using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Models;
using Percheron.Training.Nets;
using Percheron.Training.Objectives;
using Percheron.Training.Runs;

namespace Percheron.Training.Recipes;

/// <summary>The heads of blockwise decoding.</summary>
/// <param name="heads">Guesses, 1 to 16.</param>
/// <param name="inner">Floats of the inner layer.</param>
/// <param name="soft">Share of the target's law beside the tokens of the text, 0 to 1.</param>
[Method(Source = "Blockwise parallel decoding, arXiv 1811.03115", Examples = ["blockwise"])]
public sealed class BlockwiseRecipe(int heads = 4, int inner = 512, double soft = 0.5) : GuessRecipe<BlockwiseNet>("blockwise", ("head_count", heads))
{
    /// <inheritdoc/>
    public override BlockwiseNet Create(TargetHead target, ulong seed) => new(target, heads, inner, seed);

    /// <inheritdoc/>
    public override IObjective<BlockwiseNet> Objective(TargetHead target) => new BlockwiseGuesses(soft);

    /// <inheritdoc/>
    public override Drafter Drafter(Transformer target, string path) => new BlockwiseDrafter(Open(target, path));
}
