using System.Numerics.Tensors;
using Percheron.Decoding;

namespace Percheron.Drafters.Lengths;

/// <summary>
/// Goes on while the whole path is likely enough to be accepted: the product of the confidences that the draft itself states, calibrated where its file holds temperatures. A draft that states none
/// is taken at its highest probabilities.
/// </summary>
[Method(Source = "DSpark, arXiv 2607.05147 (survival of prefixes by calibrated confidence)", Examples = ["model(length=survival(0.4))"])]
public sealed class SurvivalLength : DraftLength
{
    private readonly float _least;

    /// <param name="least">The least probability of a path to draft behind, 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is no probability.</exception>
    public SurvivalLength(double least = 0.3)
    {
        if (!(least is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(least), "least is a probability, 0 to 1");
        _least = (float)least;
    }

    /// <inheritdoc/>
    public override bool GoesOn(in DraftPoint point)
    {
        point.Survival *= float.IsNaN(point.Confidence) ? TensorPrimitives.Max(point.Law.Probabilities) : point.Confidence;
        return point.Survival >= _least;
    }
}
