using System.Numerics.Tensors;
using Percheron.Decoding;

namespace Percheron.Drafters.Lengths;

/// <summary>Goes on while the draft's best token is at least so probable; a single law is judged, not the path to it.</summary>
[Method(Source = "Kangaroo, arXiv 2404.18911 §3.2; Draft & Verify, arXiv 2309.08168 §3.3; the confidence threshold of Hugging Face, p-min of llama.cpp",
    Examples = ["model(width=2, depth=4, length=confidence(0.3))"])]
public sealed class ConfidenceLength : DraftLength
{
    private readonly float _least;

    /// <param name="least">The least probability of the best token, 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is no probability.</exception>
    public ConfidenceLength(double least = 0.4)
    {
        if (!(least is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(least), "least is a probability, 0 to 1");
        _least = (float)least;
    }

    /// <inheritdoc/>
    public override bool GoesOn(Sequence sequence, Distribution law) => TensorPrimitives.Max(law.Probabilities) >= _least;
}
