namespace Percheron.Training.Speech;

/// <summary>How far training strings of digits may lie from the recordings they are made of.</summary>
/// <param name="Speed">Speed and pitch, at most this much faster or slower.</param>
/// <param name="Quietest">Least gain, in dB.</param>
/// <param name="Loudest">Most gain, in dB.</param>
/// <param name="Noise">Highest amplitude of noise.</param>
/// <param name="ShortestPause">Between two digits, in seconds.</param>
/// <param name="LongestPause">Between two digits, in seconds.</param>
public sealed record DigitVariety(double Speed, double Quietest, double Loudest, double Noise, double ShortestPause, double LongestPause)
{
    /// <summary>For a model that speaks: within it a voice stays itself. Held-out strings have its pauses and no other change.</summary>
    public static readonly DigitVariety Speaking = new(0.05, -3, 2, 3e-4, 0.04, 0.16);

    /// <summary>For a model that listens: faster, slower and fainter than anybody here speaks, and digits that touch, as a speaking model may join them.</summary>
    public static readonly DigitVariety Listening = new(0.12, -6, 3, 2e-3, 0, 0.22);
}
