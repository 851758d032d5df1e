using Percheron.Training.Nets;
using Percheron.Training.Runs;
using static TorchSharp.torch;

namespace Percheron.Training.Objectives;

/// <summary>ReDrafter: knowledge distillation; along every stretch of text the net is unrolled and learns the target's law at each place of it.</summary>
/// <remarks>Source: Cheng et al. 2024, arXiv 2403.09919, §3.3.</remarks>
/// <param name="soft">Share of the target's law beside the tokens of the text, 0 to 1.</param>
public sealed class RedrafterGuesses(double soft) : IObjective<RedrafterNet>
{
    private readonly Medusa1 _alike = new(1, soft);

    /// <inheritdoc/>
    public Tensor Loss(RedrafterNet net, Batch batch) => _alike.Loss(net, batch);
}
