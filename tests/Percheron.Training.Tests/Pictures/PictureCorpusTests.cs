using Percheron.Codecs;
using Percheron.Codecs.Images;
using Percheron.Evaluation.Pictures;
using Percheron.Training.Corpus;
using Percheron.Training.Pictures;
using Percheron.Training.Tests.Support;
using Xunit;

namespace Percheron.Training.Tests.Pictures;

public class PictureCorpusTests
{
    private static readonly ScenePictures Scenes = new(5);

    [Fact]
    public void Documents_are_captions_and_codes()
    {
        using var folder = new Folder();
        Assert.True(Corpus(threads: 2).Write(folder.Path, 30, 5, _ => { }, CancellationToken.None));
        TokenCorpus corpus = TokenCorpus.Open(folder.Path);
        CodeLayout layout = corpus.About.Codes!;
        Assert.Equal((30, 5, "image", 256, 16, 16, "mit"), (corpus.Train.Count, corpus.HeldOut.Count, layout.Kind, layout.Count, layout.Width, layout.Height, corpus.About.License));
        var codec = new PaletteCodec();
        int[] codes = new int[256];
        for (int i = 0; i < 5; i++)
        {
            int[] document = corpus.HeldOut[i];
            CaptionedPicture one = Scenes.HeldOut(i);
            int condition = TokenCorpus.ConditionLength(document, layout);
            Assert.Equal(one.Caption, corpus.Vocabulary.Text.Decode(document.Take(condition - 1)));
            codec.Encode(one.Picture, codes);
            Assert.Equal(codes, document.Skip(condition).Select(token => layout.Code(token).Code));
        }
    }

    [Fact]
    public void An_unfinished_corpus_is_gone_on_with_and_is_the_same()
    {
        using Folder whole = new(), parts = new();
        Assert.True(Corpus(1).Write(whole.Path, 1200, 3, _ => { }, CancellationToken.None));
        using var stop = new CancellationTokenSource();
        int made = 0;
        Assert.False(new PictureCorpus(Scenes, () => new Stopping(() => Interlocked.Increment(ref made) == 700, stop), "palette") { Vocabulary = 300 }.Write(parts.Path, 1200, 3, _ => { }, stop.Token));
        Assert.False(File.Exists(parts.File("corpus.json")));
        Assert.True(Corpus(2).Write(parts.Path, 1200, 3, _ => { }, CancellationToken.None));
        foreach (string file in (string[])["train.tokens", "held-out.tokens", "corpus.json", "tokenizer.merges"])
            Assert.Equal(File.ReadAllBytes(whole.File(file)), File.ReadAllBytes(parts.File(file)));
    }

    [Fact]
    public void The_vocabulary_of_another_corpus_serves_too()
    {
        using Folder first = new(), second = new();
        Assert.True(Corpus(1).Write(first.Path, 30, 5, _ => { }, CancellationToken.None));
        TokenCorpus one = TokenCorpus.Open(first.Path);
        ScenePictures pairs = new(6, two: 100);
        Assert.True(new PictureCorpus(pairs, () => new PaletteCodec(), "palette") { Text = one.Vocabulary.Text }.Write(second.Path, 30, 5, _ => { }, CancellationToken.None));
        TokenCorpus other = TokenCorpus.Open(second.Path);
        Assert.Equal(one.Vocabulary.Text.Merges, other.Vocabulary.Text.Merges);
        Assert.Equal(one.About.Codes, other.About.Codes);
        Assert.Equal(pairs.Train(0).Caption, other.Vocabulary.Text.Decode(other.Train[0].Take(TokenCorpus.ConditionLength(other.Train[0], other.About.Codes!) - 1)));
    }

    private static PictureCorpus Corpus(int threads) => new(Scenes, () => new PaletteCodec(), "palette") { Vocabulary = 300, Threads = threads };

    /// <summary>A codec that cancels when it is time.</summary>
    private sealed class Stopping(Func<bool> now, CancellationTokenSource stop) : IPictureCodec
    {
        private readonly PaletteCodec _inner = new();

        public int Width => _inner.Width;

        public int Height => _inner.Height;

        public int Count => _inner.Count;

        public int PictureWidth => _inner.PictureWidth;

        public int PictureHeight => _inner.PictureHeight;

        public int VectorWidth => _inner.VectorWidth;

        public void ReadVector(int code, Span<float> vector) => _inner.ReadVector(code, vector);

        public void Encode(Picture picture, Span<int> codes)
        {
            if (now()) stop.Cancel();
            _inner.Encode(picture, codes);
        }

        public void Decode(ReadOnlySpan<int> codes, Picture picture) => _inner.Decode(codes, picture);
    }
}
