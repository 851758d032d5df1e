using Percheron.Codecs;
using Percheron.Codecs.Speech;
using Percheron.Formats;

namespace Percheron.Cli.Tests.Support;

/// <summary>A folder with a model of random weights that speaks codes of three books in two voices, a draft, and a codec.</summary>
internal sealed class TinyVoices : IDisposable
{
    private const int Books = 3, Count = 6;
    private readonly string _folder = Directory.CreateTempSubdirectory("percheron-voices-").FullName;

    public TinyVoices()
    {
        string[] extra = ["<begin>", "<blank>", "<voice_ann>", "<voice_bob>", .. Enumerable.Range(0, Books * Count).Select(i => $"<code_{i / Count}_{i % Count}>")];
        int begin = TinyModel.Vocabulary;
        CodeLayout codes = new() { Kind = CodeLayout.Speech, First = begin + 4, Count = Count, Books = Books, Begin = begin, Blank = begin + 1, Guidance = 1.5f };
        _ = new TinyModel(1, extra: extra, path: Target, codes: codes);
        _ = new TinyModel(2, extra: extra, path: Draft, codes: codes);
        Random random = new(3);
        MelSettings mel = new() { Bands = 8 };
        float[] words = [.. Enumerable.Range(0, Books * (Count - 1) * mel.Bands).Select(_ => (float)(random.NextDouble() - 0.5))];
        GgufWriter writer = new();
        SpeechCodecFile.Describe(writer, new SpeechCodec(mel, new float[mel.Bands], [.. Enumerable.Repeat(1f, mel.Bands)], new ResidualQuantizer(mel.Bands, Books, words)));
        writer.Write(Codec);
    }

    public string Target => At("tiny-q8_0.gguf");

    public string Draft => At("tiny-draft-q8_0.gguf");

    public string Codec => At("tiny-codec.gguf");

    public string At(string name) => Path.Combine(_folder, name);

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
