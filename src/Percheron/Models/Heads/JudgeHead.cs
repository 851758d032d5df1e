using System.Numerics.Tensors;

namespace Percheron.Models.Heads;

/// <summary>A logistic regression on a hidden state of the target: how sure it is that the token it has just read is right where it stands, though the target would have said another.</summary>
/// <remarks>Source: Bachmann et al. 2025, "Judge decoding", arXiv 2501.19309, §3.</remarks>
public sealed class JudgeHead
{
    private readonly float[] _weights;
    private readonly float _bias;

    /// <summary>Reads one from its file: <c>judge.weight</c> [1, hidden] and <c>judge.bias</c> [1]; both are read by the state alone.</summary>
    /// <exception cref="Formats.ModelFormatException">A tensor is missing or wrong, or it reads several states.</exception>
    internal static object Load(HeadTensors tensors, Kernels.ThreadTeam team)
    {
        FeatureSet states = tensors.States();
        if (states.Count != 1) throw tensors.Fault("states", $"a judge reads one state, not {states.Count}");
        ReadOnlySpan<float> weights = tensors.Vector("judge.weight", tensors.Target.HiddenSize).Values, bias = tensors.Vector("judge.bias", 1).Values;
        if (!weights.ContainsAnyExcept(0f) || !float.IsFinite(bias[0]) || !float.IsFinite(TensorPrimitives.SumOfMagnitudes(weights))) throw tensors.Fault("states", "the judge's weights are zeros, infinities or not numbers");
        return new JudgeHead(states.States[0], weights, bias[0]);
    }

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
        return 0.5 * (1 + Math.Tanh(0.5 * (TensorPrimitives.Dot(hidden, _weights) + _bias)));
    }
}
