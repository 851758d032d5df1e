using Percheron.Codecs.Speech;
using Percheron.Training.Speech;
using Percheron.Training.Tests.Support;

namespace Percheron.Training.Tests.Speech;

/// <summary>A folder of made recordings: two speakers, ten digits, seven takes, of which five are held out.</summary>
internal static class Recordings
{
    public const int SampleRate = 8000;

    private static readonly Lazy<Dictionary<string, byte[]>> Files = new(MakeFiles);

    public static SpokenDigits Make(Folder folder)
    {
        foreach ((string name, byte[] bytes) in Files.Value) File.WriteAllBytes(folder.File(name), bytes);
        return SpokenDigits.Load(folder.Path);
    }

    private static Dictionary<string, byte[]> MakeFiles()
    {
        Dictionary<string, byte[]> files = [];
        for (int speaker = 0; speaker < 2; speaker++)
            for (int digit = 0; digit < 10; digit++)
                for (int take = 0; take < 7; take++)
                    files.Add($"{digit}_{(speaker == 0 ? "anna" : "bert")}_{take}.wav", WavFile.Encode(new Waveform(Sound(speaker, digit, take), SampleRate)));
        return files;
    }

    // Silence, a vowel whose two formants are the digit's, silence.
    private static float[] Sound(int speaker, int digit, int take)
    {
        float[] sound = new float[2400];
        double pitch = 100 + (60 * speaker) + (2 * take), low = 300 + (60 * digit), high = 1000 + (200 * digit);
        for (int i = 400; i < 1900; i++)
            for (int harmonic = 1; harmonic * pitch < 3500; harmonic++)
            {
                double f = harmonic * pitch, gain = Math.Exp(-Math.Pow((f - low) / 200, 2)) + (0.5 * Math.Exp(-Math.Pow((f - high) / 250, 2)));
                sound[i] += (float)(0.1 * gain * Math.Sin(2 * Math.PI * f * i / SampleRate) * Math.Sin(Math.PI * (i - 400) / 1500));
            }
        return sound;
    }
}
