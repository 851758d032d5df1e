using Percheron.Formats;

namespace Percheron.Codecs.Speech;

/// <summary>How sound becomes the frames that a model in Whisper's layout hears; its file says so under <c>whisper.audio.*</c> and <c>whisper.bands</c>.</summary>
public sealed record WhisperMelSettings
{
    private const int MostSamples = 1 << 14, MostFrames = 1 << 17;

    /// <summary>Samples per second of what is read.</summary>
    public int SampleRate { get; init; } = 16_000;

    /// <summary>Samples of the window of one frame, and of its Fourier transform: an even number.</summary>
    public int Window { get; init; } = 400;

    /// <summary>Samples between frames.</summary>
    public int Hop { get; init; } = 160;

    /// <summary>Numbers of a frame.</summary>
    public int Bands { get; init; } = 80;

    /// <summary>Frames that every recording is filled up to with silence; 0 where it ends when it ends.</summary>
    public int Padded { get; init; }

    /// <summary>Reads the settings of a model; those of published checkpoints where the file says nothing.</summary>
    /// <exception cref="ModelFormatException">They are not possible.</exception>
    public static WhisperMelSettings Read(GgufFile file)
    {
        WhisperMelSettings usual = new(), read = new()
        {
            SampleRate = file.GetInt32("whisper.audio.sample_rate", usual.SampleRate),
            Window = file.GetInt32("whisper.audio.window", usual.Window),
            Hop = file.GetInt32("whisper.audio.hop", usual.Hop),
            Padded = file.GetInt32("whisper.audio.padded", usual.Padded),
            Bands = file.GetInt32("whisper.bands", usual.Bands),
        };
        return read.Fault() is { } fault ? throw file.Fault("whisper.audio.sample_rate", $"{fault} is not possible") : read;
    }

    /// <summary>Adds everything that <see cref="Read"/> reads to a file.</summary>
    public void Describe(GgufWriter writer)
    {
        writer.Add("whisper.audio.sample_rate", (uint)SampleRate);
        writer.Add("whisper.audio.window", (uint)Window);
        writer.Add("whisper.audio.hop", (uint)Hop);
        writer.Add("whisper.audio.padded", (uint)Padded);
        writer.Add("whisper.bands", (uint)Bands);
    }

    /// <summary>Says what cannot be, in one line; null where everything can.</summary>
    public string? Fault()
    {
        if (SampleRate is < 1000 or > 192_000) return $"a sample rate of {SampleRate}";
        if (Window is < 4 or > MostSamples || Window % 2 != 0) return $"a window of {Window} samples";
        if (Hop < 1 || Hop > Window) return $"a hop of {Hop} samples with a window of {Window}";
        if (Bands < 1 || Bands > Window) return $"{Bands} bands of a window of {Window} samples";
        return Padded is >= 0 and <= MostFrames ? null : $"a recording of {Padded} frames";
    }
}
