using static TorchSharp.torch;

namespace Percheron.Training.Objectives;

/// <summary>What objectives on laws share.</summary>
internal static class Laws
{
    /// <summary>Cross-entropy of each row [rows] from the target's law, log-probabilities [rows, tokens], to logits [rows, tokens].</summary>
    public static Tensor CrossEntropy(Tensor law, Tensor logits) => -(law.exp() * nn.functional.log_softmax(logits.to(ScalarType.Float32), -1)).sum(-1);

    /// <summary>The mean of values [rows] over the rows that count [rows], 0 or 1.</summary>
    public static Tensor Mean(Tensor values, Tensor counts) => (values * counts).sum() / counts.sum().clamp(min: 1);
}
