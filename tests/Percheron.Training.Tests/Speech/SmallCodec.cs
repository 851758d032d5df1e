using Percheron.Codecs.Speech;

namespace Percheron.Training.Tests.Speech;

/// <summary>A codec of three books of four codes, which mean nothing.</summary>
internal static class SmallCodec
{
    public static SpeechCodec Make()
    {
        var mel = new MelSettings { Bands = 20 };
        float[] mean = new float[20], scale = new float[20], words = [.. Enumerable.Range(0, 3 * 4 * 40).Select(i => (float)Math.Sin(i * i * 0.17))];
        Array.Fill(mean, -5);
        Array.Fill(scale, 1);
        return new SpeechCodec(mel, mean, scale, new ResidualQuantizer(40, 3, words));
    }
}
