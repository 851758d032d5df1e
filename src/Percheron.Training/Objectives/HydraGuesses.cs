using Percheron.Training.Nets;
using Percheron.Training.Runs;
using static TorchSharp.torch;

namespace Percheron.Training.Objectives;

/// <summary>Hydra: every head learns the target's law where its guess is verified, all heads alike.</summary>
/// <remarks>Source: Ankner et al. 2024, arXiv 2402.05109, §4 ("teacher loss").</remarks>
/// <param name="soft">Share of the target's law beside the tokens of the text, 0 to 1.</param>
public sealed class HydraGuesses(double soft) : IObjective<HydraNet>
{
    private readonly Medusa1 _alike = new(1, soft);

    /// <inheritdoc/>
    public Tensor Loss(HydraNet net, Batch batch) => _alike.Loss(net, batch);
}
