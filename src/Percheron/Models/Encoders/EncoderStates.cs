namespace Percheron.Models.Encoders;

/// <summary>What an encoder has made of one input: a state for every two frames. Several decoders may listen to the same states.</summary>
public sealed class EncoderStates
{
    private readonly float[] _values;

    /// <param name="values">[frames, width], copied.</param>
    /// <param name="width">Floats of a state.</param>
    /// <exception cref="ArgumentException">There is no state, or part of one.</exception>
    public EncoderStates(ReadOnlySpan<float> values, int width)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        if (values.IsEmpty || values.Length % width != 0) throw new ArgumentException($"{values.Length} floats are not a whole number of states of {width}", nameof(values));
        (_values, Width) = (values.ToArray(), width);
    }

    /// <summary>Number of states.</summary>
    public int Count => _values.Length / Width;

    /// <summary>Floats of a state.</summary>
    public int Width { get; }

    /// <summary>[Count, Width].</summary>
    public ReadOnlySpan<float> Values => _values;
}
