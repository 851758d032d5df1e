using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Models;
using Percheron.Training.Nets;
using Percheron.Training.Objectives;
using Percheron.Training.Runs;

namespace Percheron.Training.Recipes;

/// <summary>Block drafts, for <c>dflash</c> and <c>ddtree</c>.</summary>
[Method(Source = "DFlash, arXiv 2602.06036")]
public sealed class DflashRecipe : BlockRecipe
{
    private readonly int _blocks;
    private readonly double _decay;

    /// <param name="rows">Rows of a block, 2 to 64: the last known token and masks.</param>
    /// <param name="layers">Layers of its own.</param>
    /// <param name="inner">Inner size of their feed-forward halves.</param>
    /// <param name="blocks">Blocks in each training row.</param>
    /// <param name="decay">Guesses over which the weight of a guess falls to 1/e.</param>
    public DflashRecipe(int rows = 8, int layers = 2, int inner = 512, int blocks = 32, double decay = 4)
        : base("dflash", (rows, layers, inner, 0))
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(Math.Clamp(rows, 2, 64), rows, nameof(rows));
        ArgumentOutOfRangeException.ThrowIfLessThan(layers, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(blocks, 1);
        (_blocks, _decay) = (blocks, decay);
    }

    /// <inheritdoc/>
    public override IObjective<BlockNet> Objective(TargetHead target) => new Dflash(_blocks, _decay);

    /// <inheritdoc/>
    public override Drafter Drafter(Transformer target, string path) => new DflashDrafter(Open(target, path));
}
