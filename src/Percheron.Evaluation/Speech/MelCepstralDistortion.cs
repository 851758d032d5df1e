using System.Numerics.Tensors;
using Percheron.Codecs.Speech;

namespace Percheron.Evaluation.Speech;

/// <summary>
/// How far apart two sounds are to the ear, in dB: the mean over aligned frames of 10 ÷ ln 10 · √(2 Σ (cm − c'm)²), mel cepstra 1 to 13. Loudness does not count.
/// Source: Kubichek, "Mel-cepstral distance measure for objective speech quality assessment" (1993).
/// </summary>
public static class MelCepstralDistortion
{
    private static readonly double Scale = 10 / Math.Log(10) * Math.Sqrt(2);

    /// <summary>The distortion of two sounds, their times warped onto each other: for sounds that say the same at another pace.</summary>
    public static double Warped(Waveform first, Waveform second)
    {
        MelCepstra a = MelCepstra.Of(first), b = MelCepstra.Of(second);
        if (a.Frames == 0 || b.Frames == 0) return a.Frames == b.Frames ? 0 : double.PositiveInfinity;
        (double total, IReadOnlyList<(int, int)> path) = TimeWarping.Align(a.Frames, b.Frames, (i, j) => Distance(a, i, b, j));
        return total / path.Count;
    }

    /// <summary>The distortion frame by frame, as far as both go: for a sound and its copy. Only frames count in which somebody speaks in the first.</summary>
    public static double Aligned(MelCepstra first, MelCepstra second)
    {
        List<int> frames = [.. first.Spoken().Where(t => t < second.Frames)];
        return frames.Count == 0 ? 0 : frames.Average(t => Distance(first, t, second, t));
    }

    private static double Distance(MelCepstra a, int i, MelCepstra b, int j) => Scale * TensorPrimitives.Distance(a.Frame(i), b.Frame(j));
}
