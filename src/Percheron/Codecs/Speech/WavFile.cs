using System.Buffers.Binary;

namespace Percheron.Codecs.Speech;

/// <summary>
/// Reads and writes RIFF WAVE: 8, 16, 24 and 32-bit PCM and 32 and 64-bit float of any number of channels come in, mixed down to one; 16-bit PCM of one channel goes out.
/// Files are not trusted: whatever stands in one, memory stays within a few times its length.
/// </summary>
public static class WavFile
{
    private const int HeaderBytes = 44, LongestBytes = 1 << 30;
    private const float FullScale = 32768f;

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">It is no sound that can be read; one line says why.</exception>
    /// <exception cref="IOException">It is not there or cannot be read.</exception>
    public static Waveform Read(string path)
    {
        using FileStream file = File.OpenRead(path);
        if (file.Length > LongestBytes) throw Fault(path, $"{file.Length} bytes are more than the {LongestBytes} that are read at once; cut it");
        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return Parse(bytes, path);
    }

    /// <summary>Reads a file that is in memory.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="InvalidDataException">It is no sound that can be read; one line says why.</exception>
    public static Waveform Parse(ReadOnlySpan<byte> bytes, string name)
    {
        if (bytes.Length < 12 || !bytes.StartsWith("RIFF"u8) || !bytes[8..].StartsWith("WAVE"u8)) throw Fault(name, "not a WAV file (it does not begin with RIFF and WAVE)");
        WavFormat? format = null;
        for (ReadOnlySpan<byte> rest = bytes[12..]; rest.Length >= 8;)
        {
            ReadOnlySpan<byte> kind = rest[..4];
            uint said = BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]);
            rest = rest[8..];
            // Programs that write to a pipe do not know the length and say 0 or the most there can be; a file may also be cut. What is there counts.
            int length = (int)Math.Min(said, (uint)rest.Length);
            if (kind.SequenceEqual("fmt "u8)) format = WavFormat.Parse(rest[..length], name);
            else if (kind.SequenceEqual("data"u8))
            {
                if (format is null) throw Fault(name, "the data come before the chunk that says their form");
                return new Waveform(format.Mix(said == 0 ? rest : rest[..length], name), format.SampleRate);
            }
            // Chunks begin at even places.
            rest = rest[Math.Min(rest.Length, length + (length & 1))..];
        }
        throw Fault(name, format is null ? "no 'fmt ' chunk says what form the data have" : "no 'data' chunk: the file holds no sound");
    }

    /// <summary>Writes 16-bit PCM; samples beyond full scale are cut off at it.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    public static void Write(string path, Waveform sound) => File.WriteAllBytes(path, Encode(sound));

    /// <summary>The file <see cref="Write"/> writes.</summary>
    /// <exception cref="ArgumentException">The sound is too long for a WAV file.</exception>
    public static byte[] Encode(Waveform sound)
    {
        if (sound.Samples.Length > (LongestBytes - HeaderBytes) / 2) throw new ArgumentException($"{sound.Samples.Length} samples are too many for one file", nameof(sound));
        int data = sound.Samples.Length * 2;
        byte[] bytes = new byte[HeaderBytes + data];
        Span<byte> header = bytes;
        "RIFF"u8.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], HeaderBytes - 8 + data);
        "WAVEfmt "u8.CopyTo(header[8..]);
        BinaryPrimitives.WriteInt32LittleEndian(header[16..], 16);
        BinaryPrimitives.WriteInt16LittleEndian(header[20..], 1);
        BinaryPrimitives.WriteInt16LittleEndian(header[22..], 1);
        BinaryPrimitives.WriteInt32LittleEndian(header[24..], sound.SampleRate);
        BinaryPrimitives.WriteInt32LittleEndian(header[28..], sound.SampleRate * 2);
        BinaryPrimitives.WriteInt16LittleEndian(header[32..], 2);
        BinaryPrimitives.WriteInt16LittleEndian(header[34..], 16);
        "data"u8.CopyTo(header[36..]);
        BinaryPrimitives.WriteInt32LittleEndian(header[40..], data);
        for (int i = 0; i < sound.Samples.Length; i++)
        {
            float value = MathF.Round(sound.Samples[i] * FullScale);
            // Nothing that is not a number is above or below anything: it is written as silence.
            short sample = value >= short.MaxValue ? short.MaxValue : value <= short.MinValue ? short.MinValue : float.IsNaN(value) ? (short)0 : (short)value;
            BinaryPrimitives.WriteInt16LittleEndian(header[(HeaderBytes + (2 * i))..], sample);
        }
        return bytes;
    }

    internal static InvalidDataException Fault(string name, string reason) => new($"{name}: {reason}");
}
