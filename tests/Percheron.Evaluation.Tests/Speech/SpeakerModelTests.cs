using Percheron.Codecs.Speech;
using Percheron.Evaluation.Speech;
using Percheron.Formats;
using Xunit;

namespace Percheron.Evaluation.Tests.Speech;

public class SpeakerModelTests
{
    [Fact]
    public void A_matrix_is_taken_apart_and_solved()
    {
        // [[4, 2], [2, 3]]: determinant 8, inverse [[3, -2], [-2, 4]] ÷ 8.
        var factors = new Cholesky([4, 2, 2, 3], 2);
        Assert.Equal(Math.Log(8), factors.LogDeterminant, 1e-12);
        Assert.Equal((3 - 4 + 4) / 8.0, factors.Mahalanobis([1, 1]), 1e-12);
        double[] x = [1, 2];
        factors.Solve(x);
        Assert.Equal(-1 / 8.0, x[0], 1e-12);
        Assert.Equal(6 / 8.0, x[1], 1e-12);
        Assert.Throws<ArithmeticException>(() => new Cholesky([1, 2, 2, 1], 2));
    }

    [Fact]
    public void Voices_are_told_apart_and_a_file_knows_the_same()
    {
        string[] names = ["deep", "bright", "thin"];
        double[] vowels = [1, 2.2, 3.1];
        SpeakerModel model = SpeakerModel.Learn(names.Select((name, voice) => (name, Enumerable.Range(0, 3).Select(take => new Waveform(MelCepstralDistortionTests.Voice(110 + (10 * take), vowels[voice]), 8000)))));
        var writer = new GgufWriter();
        model.Write(writer);
        using GgufFile file = GgufFile.InMemory("speakers", writer);
        SpeakerModel read = SpeakerModel.Read(file);
        Assert.Equal(names, read.Speakers);
        for (int voice = 0; voice < 3; voice++)
        {
            var sound = new Waveform(MelCepstralDistortionTests.Voice(125, vowels[voice]), 8000);
            Assert.Equal(voice, model.Nearest(sound));
            Assert.Equal(voice, read.Nearest(sound));
            for (int i = 0; i < 3; i++) Assert.Equal(model.Scores(sound)[i], read.Scores(sound)[i], 0.01 * Math.Abs(model.Scores(sound)[i]));
        }
    }

    [Fact]
    public void Too_little_sound_and_other_files_are_refused()
    {
        Assert.Contains("too little", Assert.Throws<InvalidOperationException>(() => SpeakerModel.Learn([("short", [new Waveform(new float[800], 8000)])])).Message, StringComparison.Ordinal);
        var writer = new GgufWriter();
        writer.Add("general.architecture", "llama");
        using GgufFile file = GgufFile.InMemory("other", writer);
        Assert.Throws<ModelFormatException>(() => SpeakerModel.Read(file));
    }
}
