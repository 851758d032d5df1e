namespace Percheron.Codecs.Speech;

/// <summary>How sound becomes log-mel frames: one frame every <see cref="Hop"/> samples, <see cref="Bands"/> numbers each.</summary>
public sealed record MelSettings
{
    /// <summary>Samples per second of what is read.</summary>
    public int SampleRate { get; init; } = 8000;

    /// <summary>Samples of the window of one frame.</summary>
    public int Window { get; init; } = 256;

    /// <summary>Samples between frames.</summary>
    public int Hop { get; init; } = 100;

    /// <summary>Samples of the Fourier transform: a power of two, not below <see cref="Window"/>.</summary>
    public int Transform { get; init; } = 512;

    /// <summary>Numbers of a frame.</summary>
    public int Bands { get; init; } = 48;

    /// <summary>Lower edge of the first band in Hz.</summary>
    public float Lowest { get; init; } = 40;

    /// <summary>Upper edge of the last band in Hz.</summary>
    public float Highest { get; init; } = 3900;

    /// <summary>Magnitude below which everything is silence; a sine of full scale has 1.</summary>
    public float Floor { get; init; } = 3e-4f;

    /// <summary>Frames per second.</summary>
    public double FramesPerSecond => (double)SampleRate / Hop;

    /// <summary>Says what cannot be, in one line; null where everything can.</summary>
    public string? Fault()
    {
        if (SampleRate is < 1000 or > 192_000) return $"a sample rate of {SampleRate}";
        if (Transform is < 16 or > 1 << 14 || (Transform & (Transform - 1)) != 0) return $"a transform of {Transform} samples";
        if (Window < 4 || Window > Transform) return $"a window of {Window} samples in a transform of {Transform}";
        if (Hop < 1 || Hop > Window / 2) return $"a hop of {Hop} samples with a window of {Window}";
        if (Bands is < 2 or > 1024 || Bands > Transform / 2) return $"{Bands} bands of a transform of {Transform} samples";
        if (!(Lowest >= 0 && Lowest < Highest && Highest <= SampleRate / 2f)) return $"bands from {Lowest} to {Highest} Hz at {SampleRate} samples per second";
        return Floor is > 0 and < 1 ? null : $"a floor of {Floor}";
    }
}
