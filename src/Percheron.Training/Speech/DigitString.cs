using Percheron.Codecs.Speech;

namespace Percheron.Training.Speech;

/// <summary>Several digits in one voice.</summary>
/// <param name="Digits">The digits.</param>
/// <param name="Voice">Index of the speaker.</param>
/// <param name="Sound">The recordings, joined.</param>
public sealed record DigitString(IReadOnlyList<int> Digits, int Voice, Waveform Sound)
{
    /// <summary>The digits in words: <c>seven three nine</c>.</summary>
    public string Text => string.Join(' ', Digits.Select(digit => SpokenDigits.Words[digit]));
}
