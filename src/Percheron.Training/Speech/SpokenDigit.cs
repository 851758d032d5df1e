namespace Percheron.Training.Speech;

/// <summary>One recording of one spoken digit.</summary>
/// <param name="Digit">0 to 9.</param>
/// <param name="Speaker">Who speaks.</param>
/// <param name="Take">Which recording of this digit by this speaker.</param>
/// <param name="Samples">The sound, silence at both ends cut off, at the common loudness.</param>
public sealed record SpokenDigit(int Digit, string Speaker, int Take, float[] Samples)
{
    private const int HeldOutTakes = 5;

    /// <summary>Whether the recording belongs to the customary test split, takes 0 to 4.</summary>
    public bool IsHeldOut => Take < HeldOutTakes;
}
