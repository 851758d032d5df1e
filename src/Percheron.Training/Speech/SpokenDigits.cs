using System.Globalization;
using Percheron.Codecs.Speech;

namespace Percheron.Training.Speech;

/// <summary>A folder of spoken digits in the naming of the free spoken digit dataset, <c>{digit}_{speaker}_{take}.wav</c>.</summary>
public sealed class SpokenDigits
{
    /// <summary>Where the data are from and what they ask of what is made of them.</summary>
    public const string Licence = "trained on the free spoken digit dataset, CC BY-SA 4.0: these weights are under CC BY-SA 4.0 too";

    /// <summary>What <c>general.license</c> says of models that learned from it.</summary>
    public const string LicenceId = "cc-by-sa-4.0";

    /// <summary>The digits in words.</summary>
    public static readonly IReadOnlyList<string> Words = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

    private SpokenDigits(int sampleRate, IReadOnlyList<SpokenDigit> recordings)
    {
        (SampleRate, Recordings) = (sampleRate, recordings);
        Speakers = [.. recordings.Select(recording => recording.Speaker).Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>Samples per second of every recording.</summary>
    public int SampleRate { get; }

    /// <summary>All recordings, by speaker, digit and take.</summary>
    public IReadOnlyList<SpokenDigit> Recordings { get; }

    /// <summary>The speakers in the order of their names: voice n of a model is the speaker n.</summary>
    public IReadOnlyList<string> Speakers { get; }

    /// <summary>The same recordings with other samples, in the order of <see cref="Recordings"/>.</summary>
    public SpokenDigits With(IReadOnlyList<float[]> samples) => new(SampleRate, [.. Recordings.Select((recording, i) => recording with { Samples = samples[i] })]);

    /// <summary>Reads a folder or, where <paramref name="path"/> is an archive of one (<c>.tar.xz</c>), unpacks it first into <paramref name="work"/> by the system's tar.</summary>
    /// <exception cref="InvalidDataException">There is no recording there, or one cannot be read.</exception>
    /// <exception cref="InvalidOperationException">The system cannot unpack the archive.</exception>
    public static SpokenDigits Open(string path, string work, int sampleRate = 8000) =>
        Load(path.EndsWith(".tar.xz", StringComparison.Ordinal) ? Archive.Unpack(path, Path.Combine(work, "recordings")) : path, sampleRate);

    /// <summary>Reads every recording below a folder.</summary>
    /// <exception cref="InvalidDataException">There is none, or one cannot be read.</exception>
    public static SpokenDigits Load(string folder, int sampleRate = 8000)
    {
        if (!Directory.Exists(folder)) throw new InvalidDataException($"'{folder}' is no folder; give a folder of recordings named DIGIT_SPEAKER_TAKE.wav, or their archive (.tar.xz)");
        List<SpokenDigit> recordings = [];
        foreach (string file in Directory.EnumerateFiles(folder, "*.wav", SearchOption.AllDirectories))
        {
            if (Path.GetFileNameWithoutExtension(file).Split('_') is not [{ Length: 1 } digit, { Length: > 0 } speaker, var take] || !char.IsAsciiDigit(digit[0])
                || !int.TryParse(take, NumberStyles.None, CultureInfo.InvariantCulture, out int number)) continue;
            float[] samples = Shaping.Level(Shaping.Trim(WavFile.Read(file).At(sampleRate).Samples, sampleRate));
            recordings.Add(new SpokenDigit(digit[0] - '0', speaker, number, samples));
        }
        if (recordings.Count == 0) throw new InvalidDataException($"'{folder}' holds no recording named DIGIT_SPEAKER_TAKE.wav");
        return new SpokenDigits(sampleRate, [.. recordings.OrderBy(r => r.Speaker, StringComparer.Ordinal).ThenBy(r => r.Digit).ThenBy(r => r.Take)]);
    }
}
