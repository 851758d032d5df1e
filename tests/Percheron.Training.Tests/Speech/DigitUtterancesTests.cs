using Percheron.Codecs.Speech;
using Percheron.Formats;
using Percheron.Training.Speech;
using Percheron.Training.Tests.Support;
using Xunit;

namespace Percheron.Training.Tests.Speech;

public class DigitUtterancesTests
{
    [Fact]
    public void One_string_in_so_many_is_made_of_what_the_codec_has_left_and_says_the_same()
    {
        using Folder folder = new(), work = new();
        Recordings.Make(folder);
        string codec = work.File("codec.gguf");
        GgufWriter writer = new();
        SpeechCodecFile.Describe(writer, SmallCodec.Make());
        writer.Write(codec);
        DigitUtterances plain = DigitUtterances.Open(folder.Path, work.Path, 5, null, 3, 2), coded = DigitUtterances.Open(folder.Path, work.Path, 5, codec, 3, 2);
        Assert.Equal((false, true), (plain.HasCodec, coded.HasCodec));
        for (int i = 0; i < 6; i++)
        {
            (Utterance expected, Utterance said) = (plain.Train(i), coded.Train(i));
            Assert.Equal(expected.Text, said.Text);
            Assert.Equal(i % 3 != 2, expected.Sound.Samples.AsSpan().SequenceEqual(said.Sound.Samples));
            Assert.Equal(said.Sound.Samples, coded.Train(i).Sound.Samples);
        }
        Assert.Equal(plain.HeldOut(2).Sound.Samples, coded.HeldOut(2).Sound.Samples);
        Assert.Equal(coded.HeldOut(2).Text, coded.HeldOutThroughCodec(2).Text);
        Assert.NotEqual(coded.HeldOut(2).Sound.Samples, coded.HeldOutThroughCodec(2).Sound.Samples);
        Assert.Throws<InvalidOperationException>(() => plain.HeldOutThroughCodec(0));
    }
}
