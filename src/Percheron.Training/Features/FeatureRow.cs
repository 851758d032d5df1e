using Percheron.Kernels;

namespace Percheron.Training.Features;

/// <summary>One row while it is captured: tokens, and the states at its inputs.</summary>
public sealed class FeatureRow
{
    private readonly int _states, _length, _width;

    /// <summary>An empty row.</summary>
    /// <param name="states">How many states a position has.</param>
    /// <param name="length">Inputs; the row has one token more.</param>
    /// <param name="width">Size of a state.</param>
    public FeatureRow(int states, int length, int width)
    {
        (_states, _length, _width) = (states, length, width);
        Tokens = new int[length + 1];
        Values = new Half[(long)states * length * width];
    }

    /// <summary>Ids [length + 1].</summary>
    public int[] Tokens { get; }

    /// <summary>Whether its documents do not see each other.</summary>
    public bool Apart { get; set; }

    /// <summary>The states [states, length, width].</summary>
    public Half[] Values { get; }

    /// <summary>Keeps one state of one input; what lies behind the last input is of no use and left out.</summary>
    /// <exception cref="InvalidDataException">A value is beyond what F16 holds.</exception>
    public void Keep(int position, int state, ReadOnlySpan<float> value)
    {
        if (position >= _length) return;
        Span<Half> place = Values.AsSpan((state * _length + position) * _width, _width);
        HalfConversion.ToHalf(value, place);
        foreach (Half half in place)
            if (!Half.IsFinite(half)) throw new InvalidDataException("A hidden state of this target is larger than 16 bits hold (65504), so it cannot be kept as F16.");
    }
}
