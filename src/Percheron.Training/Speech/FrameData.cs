using Percheron.Codecs.Speech;

namespace Percheron.Training.Speech;

/// <summary>Coded frames of many sounds, one behind the other, with every band's mean taken off and one scale divided out.</summary>
/// <param name="Mean">Mean of every band over the frames in which something sounds.</param>
/// <param name="Scale">One standard deviation for all bands: bands keep their shares, because a decibel is a decibel to the ear wherever it is.</param>
/// <param name="Vectors">[Count, width]</param>
/// <param name="Width">Numbers of a coded frame.</param>
public sealed record FrameData(float[] Mean, float[] Scale, float[] Vectors, int Width)
{
    /// <summary>Number of coded frames.</summary>
    public int Count => Vectors.Length / Width;

    /// <summary>A coded frame.</summary>
    public ReadOnlySpan<float> Vector(int index) => Vectors.AsSpan(index * Width, Width);

    /// <summary>The frames of sounds; each sound fills whole coded frames.</summary>
    public static FrameData Of(IEnumerable<Waveform> sounds, MelSettings mel, int stack)
    {
        var log = new LogMel(mel);
        List<float> frames = [];
        int width = mel.Bands * stack;
        foreach (Waveform sound in sounds)
        {
            frames.AddRange(log.Of(sound.At(mel.SampleRate).Samples));
            while (frames.Count % width != 0) frames.Add(log.Silence);
        }
        float[] vectors = [.. frames], mean = new float[mel.Bands], scale = new float[mel.Bands];
        double[] sums = new double[mel.Bands];
        for (int i = 0; i < vectors.Length; i++) sums[i % mel.Bands] += vectors[i];
        for (int band = 0; band < mel.Bands; band++) mean[band] = (float)(sums[band] * mel.Bands / vectors.Length);
        double squares = 0;
        for (int i = 0; i < vectors.Length; i++) squares += Math.Pow(vectors[i] - mean[i % mel.Bands], 2);
        Array.Fill(scale, (float)Math.Sqrt(squares / vectors.Length));
        for (int i = 0; i < vectors.Length; i++) vectors[i] = (vectors[i] - mean[i % mel.Bands]) / scale[0];
        return new FrameData(mean, scale, vectors, width);
    }
}
