using System.Globalization;
using Percheron.Codecs.Speech;

namespace Percheron.Cli.Quality;

/// <summary>Recordings of single digits by known speakers, <c>DIGIT_SPEAKER_TAKE.wav</c>; those nothing is trained on, the first five takes.</summary>
internal sealed class DigitRecordings
{
    private const int HeldOutTakes = 5, SampleRate = 8000;

    private readonly Dictionary<(int Digit, string Speaker), List<float[]>> _takes = [];

    private DigitRecordings() { }

    /// <summary>Reads a folder and those below it.</summary>
    /// <exception cref="Failure">There is no such folder, or no such recording in it.</exception>
    public static DigitRecordings Read(string folder)
    {
        if (!Directory.Exists(folder)) throw new Failure($"--recordings: there is no folder '{folder}'.");
        DigitRecordings recordings = new();
        foreach (string file in Directory.EnumerateFiles(folder, "*.wav", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            if (Path.GetFileNameWithoutExtension(file).Split('_') is not [[var digit], var speaker, var take] || !char.IsAsciiDigit(digit) || !int.TryParse(take, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number >= HeldOutTakes) continue;
            if (!recordings._takes.TryGetValue((digit - '0', speaker), out List<float[]>? takes)) recordings._takes.Add((digit - '0', speaker), takes = []);
            takes.Add(WavFile.Read(file).At(SampleRate).Samples);
        }
        return recordings._takes.Count > 0 ? recordings : throw new Failure($"--recordings: '{folder}' holds no recording DIGIT_SPEAKER_TAKE.wav of takes 0 to {HeldOutTakes - 1}.");
    }

    /// <summary>A string of digits by a speaker, one recording behind the other; null where one is missing.</summary>
    /// <param name="digits">What is said.</param>
    /// <param name="speaker">By whom.</param>
    /// <param name="which">Chooses the takes.</param>
    public Waveform? Say(IReadOnlyList<int> digits, string speaker, int which)
    {
        List<float> samples = [];
        for (int i = 0; i < digits.Count; i++)
        {
            if (!_takes.TryGetValue((digits[i], speaker), out List<float[]>? takes)) return null;
            samples.AddRange(takes[(which + i) % takes.Count]);
        }
        return new Waveform([.. samples], SampleRate);
    }
}
