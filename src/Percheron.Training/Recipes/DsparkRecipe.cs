using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Models;
using Percheron.Training.Nets;
using Percheron.Training.Objectives;
using Percheron.Training.Runs;

namespace Percheron.Training.Recipes;

/// <summary>Block drafts with a sequential head and confidences, for <c>dspark</c>.</summary>
[Method(Source = "DSpark, arXiv 2607.05147")]
public sealed class DsparkRecipe : BlockRecipe
{
    private readonly int _blocks;
    private readonly double _decay;

    /// <param name="rows">Rows of a block, 1 to 64: the last known token and masks.</param>
    /// <param name="layers">Layers of its own.</param>
    /// <param name="inner">Inner size of their feed-forward halves.</param>
    /// <param name="blocks">Blocks in each training row.</param>
    /// <param name="decay">Guesses over which the weight of a guess falls to 1/e.</param>
    /// <param name="rank">Of the bias by the token before.</param>
    public DsparkRecipe(int rows = 7, int layers = 2, int inner = 512, int blocks = 32, double decay = 4, int rank = 64)
        : base("dspark", (rows, layers, inner, rank))
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(Math.Clamp(rows, 1, 64), rows, nameof(rows));
        ArgumentOutOfRangeException.ThrowIfLessThan(layers, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(blocks, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(rank, 1);
        (_blocks, _decay) = (blocks, decay);
    }

    /// <inheritdoc/>
    public override IObjective<BlockNet> Objective(TargetHead target) => new Dspark(_blocks, _decay);

    /// <inheritdoc/>
    public override void Finish(BlockNet net, TargetHead target, IRowSource rows) => ConfidenceTemperatures.Fit(net, rows);

    /// <inheritdoc/>
    public override Drafter Drafter(Transformer target, string path) => new DsparkDrafter(Open(target, path));
}
