using System.Text.Json.Nodes;
using Percheron.Cli.Tests.Support;
using Percheron.Codecs.Speech;
using Xunit;

namespace Percheron.Cli.Tests.Commands;

public class SpeakCommandTests
{
    [Theory]
    [InlineData("suffix", "0.8")]
    [InlineData("model", "1")]
    [InlineData("sjd", "1")]
    [InlineData("self", "0")]
    [InlineData("early-exit", "1")]
    public void The_codes_are_those_of_plain_decoding(string drafter, string temperature)
    {
        using TinyVoices voices = new();
        string file = voices.At("out.wav");
        JsonNode json = Run.Of("speak", "abc the", "-m", voices.Target, "-md", voices.Draft, "-o", file, "--seed", "4", "--drafter", drafter, "--temperature", temperature, "--compare", "--json").Json;
        Assert.True((bool)json["compared"]!["identical"]!);
        Assert.Equal((file, "abc the", voices.Codec), ((string?)json["file"], (string?)json["condition"], (string?)json["codec"]));
        int[] tokens = [.. json["run"]!["tokens"]!.AsArray().Select(token => (int)token!)];
        // One code of every book in turn, until the end of text in the place of the first.
        int first = TinyModel.Vocabulary + 4;
        for (int i = 0; i < tokens.Length; i++) Assert.True(tokens[i] - first - (i % 3 * 6) is >= 0 and < 6 || (tokens[i] == TinyModel.Eos && i == tokens.Length - 1 && i % 3 == 0));
        Waveform sound = WavFile.Read(file);
        Assert.Equal(8000, sound.SampleRate);
    }

    [Fact]
    public void Guidance_and_voice_change_what_is_said_and_a_seed_repeats_it()
    {
        using TinyVoices voices = new();
        string Tokens(params string[] more) => Run.Of(["speak", "abc", "-m", voices.Target, "-o", voices.At("out.wav"), "--json", .. more.Contains("--seed") ? more : [.. more, "--seed", "4"]]).Json["run"]!["tokens"]!.ToJsonString();
        string said = Tokens();
        Assert.Equal(said, Tokens());
        Assert.Equal(said, Tokens("--voice", "ann", "--guidance", "1.5"));
        Assert.NotEqual(said, Tokens("--voice", "1"));
        Assert.Equal(Tokens("--voice", "1"), Tokens("--voice", "Bob"));
        Assert.NotEqual(said, Tokens("--guidance", "1"));
        Assert.NotEqual(said, Tokens("--seed", "5"));
    }

    [Fact]
    public void Digits_are_spoken_as_words()
    {
        using TinyVoices voices = new();
        Assert.Equal("seven three nine", (string?)Run.Of("speak", "7-39!", "-m", voices.Target, "-o", voices.At("out.wav"), "--json").Json["condition"]);
    }

    [Fact]
    public void What_is_wrong_is_said_in_one_line()
    {
        using TinyVoices voices = new();
        using TinyModel text = new();
        void Fails(int code, string says, params string[] arguments)
        {
            Run run = Run.Of(["speak", .. arguments]);
            Assert.Equal(code, run.Code);
            Assert.Contains(says, run.Error, StringComparison.Ordinal);
            Assert.Single(run.Error.TrimEnd().Split('\n'));
        }
        Fails(1, "no model of speech", "abc", "-m", text.Path);
        Fails(1, "choose from 0 (ann), 1 (bob)", "abc", "-m", voices.Target, "--voice", "2");
        Fails(1, "no codec at", "abc", "-m", voices.Target, "--codec", voices.At("nothing.gguf"));
        Fails(1, "percheron-digits-q8_0.gguf", "abc");
        Fails(2, "--guidance must be 0 or more", "abc", "-m", voices.Target, "--guidance", "-1");
        Fails(2, "--repeats must be at least 1", "abc", "-m", voices.Target, "--repeats", "0");
        Fails(1, "shorten it", new string('a', 200), "-m", voices.Target);
        Fails(1, "--guidance", "abc", "-m", text.Path, "--guidance", "2");
    }
}
