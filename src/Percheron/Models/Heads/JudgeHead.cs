using System.Numerics.Tensors;

namespace Percheron.Models.Heads;

/// <summary>A logistic regression on a hidden state of the target: how sure it is that the token it has just read is right where it stands, though the target would have said another.</summary>
/// <remarks>Source: Bachmann et al. 2025, "Judge decoding", arXiv 2501.19309, §3.</remarks>
public sealed class JudgeHead
{
    private readonly float[] _weights;
    private readonly float _bias;

    /// <param name="state">The state it reads (<see cref="FeatureSet"/>).</param>
    /// <param name="weights">One weight for each float of that state; copied.</param>
    /// <param name="bias">Added to their sum.</param>
    public JudgeHead(int state, ReadOnlySpan<float> weights, float bias)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(state);
        if (weights.IsEmpty || !float.IsFinite(bias) || !float.IsFinite(TensorPrimitives.SumOfMagnitudes(weights))) throw new ArgumentException("a judge has weights, all of them finite", nameof(weights));
        (State, _weights, _bias) = (state, weights.ToArray(), bias);
    }

    /// <summary>The state it reads.</summary>
    public int State { get; }

    /// <summary>Floats of that state.</summary>
    public int StateSize => _weights.Length;

    /// <summary>Probability that the token is right, given the target's state in its row [StateSize].</summary>
    /// <exception cref="ArgumentException">The state has another size: the judge belongs to another target.</exception>
    public double Probability(ReadOnlySpan<float> hidden)
    {
        if (hidden.Length != _weights.Length) throw new ArgumentException($"the judge was made for hidden states of {_weights.Length} floats and the target's have {hidden.Length}: it belongs to another model", nameof(hidden));
        return 1 / (1 + Math.Exp(-(TensorPrimitives.Dot(hidden, _weights) + _bias)));
    }
}
