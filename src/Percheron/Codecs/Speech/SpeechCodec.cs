using Percheron.Formats;

namespace Percheron.Codecs.Speech;

/// <summary>
/// Speech as codes and back: log-mel frames, several of them side by side as one coded frame, as a sum of one codeword of every book; sound again by Griffin and Lim's algorithm.
/// Codes are [frames, Books]; the last code of a book says that there is nothing.
/// </summary>
/// <remarks>Not safe for several threads. The same sound always gives the same codes on one instruction set, the same codes the same sound.</remarks>
public sealed class SpeechCodec
{
    private const int Paths = 8;
    private readonly LogMel _logMel;
    private readonly GriffinLim _vocoder;
    private readonly float[] _mean, _scale;

    /// <param name="mel">What log-mel frames are made of.</param>
    /// <param name="mean">Mean of every band; kept, not copied.</param>
    /// <param name="scale">What every band is divided by; kept, not copied.</param>
    /// <param name="quantizer">The books; its width is a multiple of the bands.</param>
    /// <param name="decoder">What sums of codewords go through; null leaves them.</param>
    /// <exception cref="ArgumentException">The parts do not fit.</exception>
    public SpeechCodec(MelSettings mel, float[] mean, float[] scale, ResidualQuantizer quantizer, FrameDecoder? decoder = null)
    {
        if (quantizer.Width % mel.Bands != 0) throw new ArgumentException($"codewords of {quantizer.Width} numbers do not hold frames of {mel.Bands}", nameof(quantizer));
        if (mean.Length != mel.Bands || scale.Length != mel.Bands) throw new ArgumentException($"{mean.Length} means and {scale.Length} scales are not those of {mel.Bands} bands", nameof(mean));
        if (decoder is not null && decoder.Bias.Length != quantizer.Width) throw new ArgumentException("the decoder is for other frames", nameof(decoder));
        (_logMel, _vocoder, _mean, _scale, Quantizer, Decoder) = (new LogMel(mel), new GriffinLim(mel), mean, scale, quantizer, decoder);
    }

    /// <summary>What log-mel frames are made of.</summary>
    public MelSettings Mel => _logMel.Settings;

    /// <summary>The books.</summary>
    public ResidualQuantizer Quantizer { get; }

    /// <summary>What sums of codewords go through; null where they are left.</summary>
    public FrameDecoder? Decoder { get; }

    /// <summary>Number of books.</summary>
    public int Books => Quantizer.Books;

    /// <summary>Codes of a book; the last one is <see cref="Nothing"/>.</summary>
    public int Count => Quantizer.Codes + 1;

    /// <summary>The code that says that there is no frame here.</summary>
    public int Nothing => Quantizer.Codes;

    /// <summary>Log-mel frames of one coded frame.</summary>
    public int Stack => Quantizer.Width / Mel.Bands;

    /// <summary>Coded frames per second.</summary>
    public double FramesPerSecond => Mel.FramesPerSecond / Stack;

    /// <summary>Mean of every band.</summary>
    public ReadOnlyMemory<float> Mean => _mean;

    /// <summary>What every band is divided by.</summary>
    public ReadOnlyMemory<float> Scale => _scale;

    /// <exception cref="ModelFormatException">The file is damaged, or no speech codec.</exception>
    public static SpeechCodec Open(string path)
    {
        using GgufFile file = GgufFile.Open(path);
        return SpeechCodecFile.Read(file);
    }

    /// <summary>The log-mel frames of a sound, [frames × Stack, Bands]; silence fills up the last coded frame.</summary>
    public float[] LogMel(Waveform sound)
    {
        float[] samples = sound.At(Mel.SampleRate).Samples;
        float[] frames = _logMel.Of(samples);
        int had = frames.Length / Mel.Bands, whole = (had + Stack - 1) / Stack * Stack;
        Array.Resize(ref frames, whole * Mel.Bands);
        frames.AsSpan(had * Mel.Bands).Fill(_logMel.Silence);
        return frames;
    }

    /// <summary>The codes of a sound, [frames, Books].</summary>
    public int[] Encode(Waveform sound) => EncodeFrames(LogMel(sound));

    /// <summary>The codes of log-mel frames [frames × Stack, Bands].</summary>
    public int[] EncodeFrames(ReadOnlySpan<float> frames)
    {
        float[] even = Normalize(frames);
        int width = Quantizer.Width, count = even.Length / width;
        int[] codes = new int[count * Books];
        for (int t = 0; t < count; t++) Quantizer.Encode(even.AsSpan(t * width, width), codes.AsSpan(t * Books, Books), Paths);
        return codes;
    }

    /// <summary>The log-mel frames of codes, [frames × Stack, Bands]; <see cref="Nothing"/> in a book leaves the sum of the others.</summary>
    /// <exception cref="ArgumentException">The codes are not whole frames, or one is none of a book.</exception>
    public float[] DecodeFrames(ReadOnlySpan<int> codes)
    {
        float[] frames = Sums(codes);
        if (Decoder is not null) frames = Decoder.Map(frames);
        for (int i = 0; i < frames.Length; i++) frames[i] = Math.Max((frames[i] * _scale[i % _scale.Length]) + _mean[i % _mean.Length], _logMel.Silence);
        return frames;
    }

    /// <summary>The sound of codes [frames, Books].</summary>
    /// <exception cref="ArgumentException">The codes are not whole frames, or one is none of a book.</exception>
    public Waveform Decode(ReadOnlySpan<int> codes) => new(_vocoder.Sound(DecodeFrames(codes)), Mel.SampleRate);

    private float[] Normalize(ReadOnlySpan<float> frames)
    {
        float[] even = frames.ToArray();
        for (int i = 0; i < even.Length; i++) even[i] = (even[i] - _mean[i % _mean.Length]) / _scale[i % _scale.Length];
        return even;
    }

    private float[] Sums(ReadOnlySpan<int> codes)
    {
        if (codes.Length % Books != 0) throw new ArgumentException($"{codes.Length} codes are not whole frames of {Books}", nameof(codes));
        float[] frames = new float[codes.Length / Books * Quantizer.Width];
        for (int i = 0; i < codes.Length; i++)
        {
            if ((uint)codes[i] > (uint)Nothing) throw new ArgumentException($"{codes[i]} is no code; there are {Count}", nameof(codes));
            if (codes[i] != Nothing) Quantizer.Add(i % Books, codes[i], frames.AsSpan(i / Books * Quantizer.Width, Quantizer.Width));
        }
        return frames;
    }
}
