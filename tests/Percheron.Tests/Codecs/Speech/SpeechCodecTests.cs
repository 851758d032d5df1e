using Percheron.Codecs.Speech;
using Percheron.Formats;
using Percheron.Verifiers;
using Xunit;

namespace Percheron.Tests.Codecs.Speech;

public class SpeechCodecTests
{
    private static readonly MelSettings Mel = new() { Bands = 20, Transform = 512 };

    [Fact]
    public void A_file_gives_the_same_codec_and_codes_give_the_sound_back()
    {
        SpeechCodec codec = Made(), read = Again(codec);
        Assert.Equal((Mel, 2, 2, 41, 40, 40.0), (read.Mel, read.Books, read.Stack, read.Count, read.Nothing, read.FramesPerSecond));
        var sound = new Waveform(Sounds.Voice(8000, seed: 2), 8000);
        int[] codes = codec.Encode(sound);
        Assert.Equal(40 * 2, codes.Length);
        Assert.Equal(codes, read.Encode(sound));
        Assert.All(codes, code => Assert.InRange(code, 0, 39));
        Waveform back = read.Decode(codes);
        Assert.Equal((8000, 8000), (back.SampleRate, back.Samples.Length));
        double loud = Power(back.Samples), was = Power(sound.Samples);
        Assert.InRange(loud, 0.5 * was, 2 * was);
    }

    [Fact]
    public void Every_book_brings_the_frames_nearer()
    {
        SpeechCodec codec = Made();
        float[] frames = codec.LogMel(new Waveform(Sounds.Voice(8000, seed: 2), 8000));
        int[] codes = codec.EncodeFrames(frames);
        double all = Distance(frames, codec.DecodeFrames(codes));
        int[] first = [.. codes.Select((code, i) => i % 2 == 0 ? code : codec.Nothing)], none = [.. codes.Select(_ => codec.Nothing)];
        double one = Distance(frames, codec.DecodeFrames(first)), mean = Distance(frames, codec.DecodeFrames(none));
        Assert.True(all < 0.9 * one && one < 0.7 * mean, $"{all} {one} {mean}");
    }

    [Fact]
    public void Verifiers_compare_its_codewords_and_never_the_code_for_nothing()
    {
        string path = Path.GetTempFileName();
        try
        {
            SpeechCodec codec = Made();
            var writer = new GgufWriter();
            SpeechCodecFile.Describe(writer, codec);
            writer.Write(path);
            TokenVectors vectors = TokenVectors.Open(path, first: 300, stride: codec.Count);
            float[] vector = new float[vectors.Width];
            vectors.Read(vectors.IndexOf(300 + codec.Count + 3), vector);
            Assert.Equal(codec.Quantizer.Word(1, 3), vector);
            Assert.Equal(-1, vectors.IndexOf(300 + codec.Nothing));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_decoder_maps_each_frame_with_its_neighbours()
    {
        // 2 numbers a frame: the first of the frame before, the second of the frame behind, plus one.
        var decoder = new FrameDecoder(2, [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], [0, 1]);
        Assert.Equal([1, 5, 1, 7, 3, 7], decoder.Map([1, 2, 3, 4, 5, 6]));
        Assert.Empty(decoder.Map([]));
    }

    [Fact]
    public void Files_that_say_what_cannot_be_are_refused()
    {
        Assert.Throws<ModelFormatException>(() => Again(Made(), writer => { }, kind: "llama"));
        foreach ((string key, GgufValue value) in ((string, GgufValue)[])[("speech.hop", 0u), ("speech.books", 1000u), ("speech.count", 3u), ("speech.bands", 1u << 30), ("speech.stack", 0u), ("speech.floor", "x"), ("speech.transform", 500u)])
            Assert.Throws<ModelFormatException>(() => Changed(Made(), key, value));
        Assert.Throws<ArgumentException>(() => Made().DecodeFrames([1, 2, 3]));
        Assert.Throws<ArgumentException>(() => Made().DecodeFrames([1, 41]));
    }

    // Codewords are frames of voices: the first book of some, the second differences of others.
    private static SpeechCodec Made()
    {
        float[] frames = Sounds.Frames(Mel, 4), mean = new float[Mel.Bands], scale = new float[Mel.Bands];
        Array.Fill(mean, frames.Average());
        Array.Fill(scale, 1.5f);
        int width = 2 * Mel.Bands, pairs = frames.Length / width;
        float[] words = new float[2 * 40 * width];
        for (int code = 0; code < 40; code++)
        {
            int at = code * 3 % pairs, other = ((code * 7) + 1) % pairs;
            for (int i = 0; i < width; i++)
            {
                words[(code * width) + i] = (frames[(at * width) + i] - mean[0]) / 1.5f;
                words[((40 + code) * width) + i] = (frames[(at * width) + i] - frames[(other * width) + i]) / 6;
            }
        }
        for (int i = 0; i < words.Length; i++) words[i] = (float)(Half)words[i];
        return new SpeechCodec(Mel, mean, scale, new ResidualQuantizer(width, 2, words));
    }

    private static SpeechCodec Again(SpeechCodec codec, Action<GgufWriter>? more = null, string? kind = null)
    {
        var writer = new GgufWriter();
        if (kind is null) SpeechCodecFile.Describe(writer, codec);
        else writer.Add("general.architecture", kind);
        more?.Invoke(writer);
        using GgufFile file = GgufFile.InMemory("codec", writer);
        return SpeechCodecFile.Read(file);
    }

    private static SpeechCodec Changed(SpeechCodec codec, string changed, GgufValue value)
    {
        var writer = new GgufWriter();
        SpeechCodecFile.Describe(writer, codec);
        using GgufFile file = GgufFile.InMemory("codec", writer);
        var other = new GgufWriter();
        foreach ((string key, GgufValue entry) in file.Metadata) other.Add(key, key == changed ? value : entry);
        foreach (TensorInfo tensor in file.Tensors) other.AddTensor(tensor.Name, tensor.Type, [.. tensor.Dimensions], (ReadOnlyMemory<byte>)file.Bytes(tensor).ToArray());
        using GgufFile hostile = GgufFile.InMemory("hostile", other);
        return SpeechCodecFile.Read(hostile);
    }

    private static double Power(float[] samples) => samples.Sum(sample => (double)sample * sample);

    private static double Distance(float[] a, float[] b) => a.Zip(b).Average(pair => Math.Pow(pair.First - pair.Second, 2));
}
