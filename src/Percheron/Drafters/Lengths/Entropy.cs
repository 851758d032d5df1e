using System.Numerics.Tensors;
using Percheron.Decoding;

namespace Percheron.Drafters.Lengths;

/// <summary>Entropy of laws, in nats.</summary>
internal sealed class Entropy
{
    // Below every probability that matters, above 0: the logarithm stays finite.
    private const float Tiny = 1e-30f;

    private float[] _logarithms = [];

    /// <summary>−Σ p·ln p.</summary>
    public float Of(Distribution law)
    {
        if (_logarithms.Length < law.Count) _logarithms = new float[Math.Max(law.Count, 2 * _logarithms.Length)];
        Span<float> logarithms = _logarithms.AsSpan(0, law.Count);
        TensorPrimitives.Add(law.Probabilities, Tiny, logarithms);
        TensorPrimitives.Log(logarithms, logarithms);
        return Math.Max(0, -TensorPrimitives.Dot(law.Probabilities, logarithms));
    }
}
