using System.Buffers.Binary;
using Percheron.Codecs.Speech;
using Percheron.Tests.Support;
using Xunit;

namespace Percheron.Tests.Codecs.Speech;

public class WavFileTests
{
    [Fact]
    public void Sixteen_bits_come_back_as_they_were_and_louder_ones_at_full_scale()
    {
        float[] samples = [0, 1 / 32768f, -1, 32767 / 32768f, 0.25f, -0.125f];
        Waveform back = WavFile.Parse(WavFile.Encode(new Waveform(samples, 8000)), "own");
        Assert.Equal(samples, back.Samples);
        Assert.Equal(8000, back.SampleRate);
        Assert.Equal([32767 / 32768f, -1, 0], WavFile.Parse(WavFile.Encode(new Waveform([7, -7, float.NaN], 22050)), "loud").Samples);
    }

    [Theory]
    [InlineData(1, 8)]
    [InlineData(1, 16)]
    [InlineData(1, 24)]
    [InlineData(1, 32)]
    [InlineData(3, 32)]
    [InlineData(3, 64)]
    public void Every_form_holds_the_same_sound(int tag, int bits)
    {
        // Values that eight bits hold exactly.
        double[] left = [0, 0.5, -0.5, -1, 0.25], right = [0, 0.25, 0.5, -0.5, -0.25];
        foreach (bool extensible in (bool[])[false, true])
        {
            byte[] file = File(tag, bits, 2, 11025, left.Zip(right).SelectMany(pair => (double[])[pair.First, pair.Second]), extensible);
            Waveform sound = WavFile.Parse(file, "made");
            Assert.Equal(left.Zip(right).Select(pair => (float)((pair.First + pair.Second) / 2)), sound.Samples);
            Assert.Equal(11025, sound.SampleRate);
        }
    }

    [Fact]
    public void Unknown_chunks_and_unknown_lengths_are_passed_over()
    {
        byte[] file = WavFile.Encode(new Waveform([0.5f, -0.5f], 8000));
        byte[] odd = [.. file[..12], .. "LIST"u8, 3, 0, 0, 0, 1, 2, 3, 0, .. file[12..]];
        Assert.Equal([0.5f, -0.5f], WavFile.Parse(odd, "odd").Samples);
        foreach (uint said in (uint[])[0, uint.MaxValue])
        {
            BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(40), said);
            Assert.Equal([0.5f, -0.5f], WavFile.Parse(file, "piped").Samples);
        }
    }

    [Theory]
    [InlineData("", "not a WAV file")]
    [InlineData("RIFF    WAVE", "no 'fmt ' chunk")]
    [InlineData("RIFF    WAVEdata    ", "before the chunk that says their form")]
    [InlineData("RIFF    WAVEfmt \u0002   ab", "needs 16")]
    public void What_is_wrong_is_said_in_one_line(string text, string part)
    {
        var fault = Assert.Throws<InvalidDataException>(() => WavFile.Parse([.. text.Select(c => (byte)c)], "bad.wav"));
        Assert.StartsWith("bad.wav: ", fault.Message, StringComparison.Ordinal);
        Assert.Contains(part, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
    }

    [Fact]
    public void Damaged_files_are_read_or_refused_and_cost_no_more_memory_than_their_length_allows()
    {
        byte[][] whole = [WavFile.Encode(new Waveform(Sounds.Voice(300), 8000)), File(3, 32, 2, 8000, Sounds.Voice(200).Select(v => (double)v), extensible: true)];
        ulong state = 7;
        for (int round = 0; round < 4000; round++)
        {
            byte[] file = [.. whole[round % 2]];
            for (int change = 0; change <= round % 5; change++) file[(int)(Next(ref state) % 64)] = (byte)Next(ref state);
            if (round % 3 == 0) Array.Resize(ref file, (int)(Next(ref state) % (ulong)file.Length));
            try
            {
                Waveform sound = WavFile.Parse(file, "damaged");
                Assert.InRange(sound.Samples.Length, 0, file.Length);
                Assert.True(Array.TrueForAll(sound.Samples, float.IsFinite));
            }
            catch (InvalidDataException fault)
            {
                Assert.DoesNotContain('\n', fault.Message);
            }
        }
    }

    [Fact]
    public void A_real_recording_is_read()
    {
        Waveform sound = WavFile.Read(SharedData.Require("speech/jfk.wav"));
        Assert.Equal(16000, sound.SampleRate);
        Assert.InRange(sound.Duration.TotalSeconds, 10.9, 11.1);
        Assert.InRange(sound.Samples.Max(), 0.2f, 1f);
        Assert.Equal((sound.Samples.Length + 1) / 2, sound.At(8000).Samples.Length);
    }

    private static byte[] File(int tag, int bits, int channels, int rate, IEnumerable<double> samples, bool extensible)
    {
        using var memory = new MemoryStream();
        using var writer = new BinaryWriter(memory);
        writer.Write("RIFF    WAVEfmt "u8);
        writer.Write(extensible ? 40 : 16);
        writer.Write((ushort)(extensible ? 0xFFFE : tag));
        writer.Write((ushort)channels);
        writer.Write(rate);
        writer.Write(rate * channels * bits / 8);
        writer.Write((ushort)(channels * bits / 8));
        writer.Write((ushort)bits);
        if (extensible)
        {
            writer.Write((ushort)22);
            writer.Write((ushort)bits);
            writer.Write(0);
            writer.Write((ushort)tag);
            writer.Write(new byte[14]);
        }
        byte[] data = [.. samples.SelectMany(sample => Bytes(tag, bits, sample))];
        writer.Write("data"u8);
        writer.Write(data.Length);
        writer.Write(data);
        return memory.ToArray();
    }

    private static byte[] Bytes(int tag, int bits, double sample) => (tag, bits) switch
    {
        (3, 32) => BitConverter.GetBytes((float)sample),
        (3, _) => BitConverter.GetBytes(sample),
        (_, 8) => [(byte)(128 + (sample * 128))],
        (_, 16) => BitConverter.GetBytes((short)(sample * 32768)),
        (_, 24) => BitConverter.GetBytes((int)(sample * 8388608))[..3],
        _ => BitConverter.GetBytes((int)(sample * 2147483648)),
    };

    private static ulong Next(ref ulong state)
    {
        state = (state * 6364136223846793005) + 1442695040888963407;
        return state >> 33;
    }
}
