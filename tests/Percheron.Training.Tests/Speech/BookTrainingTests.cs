using Percheron.Codecs.Speech;
using Percheron.Evaluation.Speech;
using Percheron.Training.Speech;
using Percheron.Training.Tests.Support;
using Xunit;

namespace Percheron.Training.Tests.Speech;

public class BookTrainingTests
{
    private static readonly CodecRecipe Recipe = new() { Mel = new MelSettings { Bands = 20 }, Books = 2, Count = 17, Strings = 8, Rounds = 5, Joint = 4 };

    [Fact]
    public void Books_learn_what_there_is_and_every_book_and_the_decoder_bring_frames_nearer()
    {
        using var folder = new Folder();
        FrameData data = Data(folder, out SpokenDigits digits);
        var books = new BookTraining(data, Recipe, 1);
        var errors = new List<double>();
        while (books.Step < Recipe.Steps)
        {
            books.Pass();
            errors.Add(books.Error);
        }
        // The first pass of the first book codes with frames drawn by chance; the last ones with both books.
        Assert.InRange(errors[Recipe.Rounds - 1], 0, 0.999 * errors[0]);
        Assert.InRange(errors[^1], 0, 0.8 * errors[Recipe.Rounds - 1]);
        SpeechCodec plain = CodecMaking.Finish(data, books, Recipe with { Decoder = false }), codec = CodecMaking.Write(folder.File("codec.gguf"), CodecMaking.Finish(data, books, Recipe));
        ulong state = 1;
        DigitString[] heldOut = [new DigitStrings(digits, 1, heldOut: true).Say([3, 8], 1, ref state)];
        IReadOnlyList<CodecFigures> figures = CodecFigures.Measure(codec, heldOut, speakers: null), without = CodecFigures.Measure(plain, heldOut, speakers: null);
        Assert.Equal([0, 1, 2], figures.Select(row => row.Books));
        Assert.Equal(0, figures[0].FrameDistortionDb);
        Assert.True(figures[2].FrameDistortionDb < figures[1].FrameDistortionDb);
        Assert.True(figures[2].FrameDistortionDb < without[2].FrameDistortionDb);
        Assert.True(figures[0].DistortionDb < figures[2].DistortionDb && figures[0].Convergence < figures[2].Convergence);
    }

    [Fact]
    public void A_run_that_is_left_and_gone_on_with_gives_the_same_bits()
    {
        using var folder = new Folder();
        FrameData data = Data(folder, out _);
        var whole = new BookTraining(data, Recipe, 3);
        while (whole.Step < Recipe.Steps) whole.Pass();
        string state = folder.File("state");
        for (int step = 0; step < Recipe.Steps; step++)
        {
            var part = new BookTraining(data, Recipe, 3);
            if (step > 0) part.Load(state);
            Assert.Equal(step, part.Step);
            part.Pass();
            part.Save(state);
        }
        var last = new BookTraining(data, Recipe, 3);
        last.Load(state);
        for (int code = 0; code < 16; code++)
            for (int book = 0; book < 2; book++) Assert.Equal(whole.Quantizer.Word(book, code), last.Quantizer.Word(book, code));
        Assert.Equal((float)whole.Error, (float)last.Error);
        Assert.Throws<InvalidDataException>(() => new BookTraining(data, Recipe, 4).Load(state));
        Assert.Throws<InvalidDataException>(() => new BookTraining(data, Recipe with { Count = 18 }, 3).Load(state));
    }

    [Fact]
    public void A_decoder_finds_the_map_that_made_its_data()
    {
        // wanted = 0.5 · (frame before) − 0.25 · (frame behind, other number) + 2
        float[] coded = [.. Enumerable.Range(0, 400).Select(i => (float)Math.Sin(i * i * 0.31))], wanted = new float[400];
        for (int t = 0; t < 200; t++)
            for (int i = 0; i < 2; i++) wanted[(2 * t) + i] = (0.5f * coded[(2 * Math.Max(0, t - 1)) + i]) - (0.25f * coded[(2 * Math.Min(199, t + 1)) + 1 - i]) + 2;
        float[] mapped = DecoderFit.Fit(coded, wanted, 2).Map(coded);
        for (int i = 0; i < wanted.Length; i++) Assert.Equal(wanted[i], mapped[i], 2e-3);
    }

    [Fact]
    public void Speakers_of_strings_are_told()
    {
        using var folder = new Folder();
        SpokenDigits digits = Recordings.Make(folder);
        SpeakerModel model = SpeakerModel.Learn(digits.Speakers.Select(name => (name, digits.Recordings.Where(r => r.Speaker == name && !r.IsHeldOut).Select(r => new Waveform(r.Samples, digits.SampleRate)))));
        var heldOut = new DigitStrings(digits, 1, heldOut: true);
        Assert.InRange(Enumerable.Range(0, 10).Count(i => model.Nearest(heldOut.At(i).Sound) == heldOut.At(i).Voice), 8, 10);
    }

    private static FrameData Data(Folder folder, out SpokenDigits digits)
    {
        SpokenDigits made = digits = Recordings.Make(folder);
        return FrameData.Of(Enumerable.Range(0, Recipe.Strings).Select(i => new DigitStrings(made, 1, heldOut: false).At(i).Sound), Recipe.Mel, Recipe.Stack);
    }
}
