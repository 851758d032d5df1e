using System.Buffers.Binary;

namespace Percheron.Codecs.Speech;

/// <summary>The form of the samples of a WAV file.</summary>
internal sealed record WavFormat(bool IsFloat, int Bits, int Channels, int SampleRate)
{
    private const int Pcm = 1, Float = 3, Extensible = 0xFFFE, MostChannels = 64, LowestRate = 1000, HighestRate = 768_000;

    private int SampleBytes => Bits / 8;

    /// <summary>Reads the body of a <c>fmt</c> chunk.</summary>
    /// <exception cref="InvalidDataException">It says something that is not supported.</exception>
    public static WavFormat Parse(ReadOnlySpan<byte> chunk, string name)
    {
        if (chunk.Length < 16) throw WavFile.Fault(name, $"the 'fmt ' chunk has {chunk.Length} bytes; it needs 16");
        int tag = BinaryPrimitives.ReadUInt16LittleEndian(chunk), channels = BinaryPrimitives.ReadUInt16LittleEndian(chunk[2..]);
        long rate = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
        int align = BinaryPrimitives.ReadUInt16LittleEndian(chunk[12..]), bits = BinaryPrimitives.ReadUInt16LittleEndian(chunk[14..]);
        // The extensible form keeps the tag in the first two bytes of an identifier.
        if (tag == Extensible && chunk.Length >= 26) tag = BinaryPrimitives.ReadUInt16LittleEndian(chunk[24..]);
        if (!(tag == Pcm && bits is 8 or 16 or 24 or 32) && !(tag == Float && bits is 32 or 64))
            throw WavFile.Fault(name, $"samples of form {tag} with {bits} bits are not supported; write 16-bit PCM");
        if (channels is 0 or > MostChannels) throw WavFile.Fault(name, $"{channels} channels are not possible; 1 to {MostChannels} are");
        if (rate is < LowestRate or > HighestRate) throw WavFile.Fault(name, $"{rate} samples per second are not possible; {LowestRate} to {HighestRate} are");
        if (align != channels * bits / 8) throw WavFile.Fault(name, $"{channels} channels of {bits} bits do not make blocks of {align} bytes");
        return new WavFormat(tag == Float, bits, channels, (int)rate);
    }

    /// <summary>The mean of the channels of every whole block.</summary>
    /// <exception cref="InvalidDataException">A sample is not a number.</exception>
    public float[] Mix(ReadOnlySpan<byte> data, string name)
    {
        int block = SampleBytes * Channels;
        float[] mixed = new float[data.Length / block];
        for (int i = 0; i < mixed.Length; i++)
        {
            double sum = 0;
            for (int channel = 0; channel < Channels; channel++) sum += Sample(data[((i * block) + (channel * SampleBytes))..]);
            mixed[i] = (float)(sum / Channels);
            if (!float.IsFinite(mixed[i])) throw WavFile.Fault(name, $"sample {i} is not a number of any loudness");
        }
        return mixed;
    }

    private double Sample(ReadOnlySpan<byte> at) => (IsFloat, Bits) switch
    {
        (true, 32) => BinaryPrimitives.ReadSingleLittleEndian(at),
        (true, _) => BinaryPrimitives.ReadDoubleLittleEndian(at),
        // Eight bits are the only unsigned form.
        (_, 8) => (at[0] - 128) / 128.0,
        (_, 16) => BinaryPrimitives.ReadInt16LittleEndian(at) / 32768.0,
        (_, 24) => ((at[0] << 8) | (at[1] << 16) | (at[2] << 24)) / 2147483648.0,
        _ => BinaryPrimitives.ReadInt32LittleEndian(at) / 2147483648.0,
    };
}
