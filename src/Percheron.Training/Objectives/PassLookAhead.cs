using Percheron.Training.Nets;
using Percheron.Training.Runs;
using static TorchSharp.torch;

namespace Percheron.Training.Objectives;

/// <summary>PaSS: the cross-entropy of the tokens that came, foretold by look-ahead tokens behind a beginning of the text; the target is frozen.</summary>
/// <remarks>Source: Monea et al. 2023, arXiv 2311.13581, §3.3.</remarks>
public sealed class PassLookAhead : IObjective<ExtraNet>
{
    /// <inheritdoc/>
    public Tensor Loss(ExtraNet net, Batch batch)
    {
        // The k-th look-ahead token stands in the place of the k-th hidden token and foretells the one behind it.
        Tensor windows = LookAheadWindows.Of(batch);
        long seen = windows.shape[1] - 1 - net.Count;
        Tensor logits = net.Logits(windows.narrow(1, 0, seen)).to(ScalarType.Float32);
        return nn.functional.cross_entropy(logits.flatten(0, 1), windows.narrow(1, seen + 1, net.Count).reshape(-1));
    }
}
