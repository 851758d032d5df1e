using Percheron.Training.Nets;
using Percheron.Training.Runs;
using static TorchSharp.torch;

namespace Percheron.Training.Objectives;

/// <summary>Cross-entropy of what is said in a recording, with a share of the mass spread over all tokens; measurements go without.</summary>
/// <remarks>Source: Szegedy et al. 2016, "Rethinking the Inception Architecture", section 7 (label smoothing).</remarks>
/// <param name="smoothing">The share.</param>
public sealed class Transcript(double smoothing = 0.1) : IObjective<WhisperNet>
{
    /// <inheritdoc/>
    public Tensor Loss(WhisperNet net, Batch batch)
    {
        Tensor states = net.Encode(batch.Sound!.Values, batch.Sound.Counts);
        Tensor laws = Laws(net, batch, states);
        Tensor right = -laws.gather(1, batch.Targets.unsqueeze(1)).squeeze(1);
        return Mean(batch.Key is null ? right : (right * (1 - smoothing)) - (laws.mean([1]) * smoothing), batch);
    }

    /// <summary>Log-probabilities, FP32 [batch · time, vocab], after every input of a batch.</summary>
    /// <param name="net">Whose.</param>
    /// <param name="batch">The texts and the lengths of recordings.</param>
    /// <param name="states">States of the recordings.</param>
    internal static Tensor Laws(WhisperNet net, Batch batch, Tensor states) =>
        nn.functional.log_softmax(net.Logits(net.Hidden(batch.Inputs, states, net.Mask(batch.Sound!.Counts, states.shape[1]))).to(ScalarType.Float32), -1);

    /// <summary>The mean of losses [batch · time] over the inputs that are no filling: those before the second end of text.</summary>
    internal static Tensor Mean(Tensor losses, Batch batch)
    {
        Tensor counts = batch.Inputs.eq(0).to(ScalarType.Int64).cumsum(1).le(1).reshape(-1).to(ScalarType.Float32);
        return (losses * counts).sum() / counts.sum();
    }
}
