using System.Text.Json.Nodes;
using Percheron.Cli.Tests.Support;
using Percheron.Codecs.Speech;
using Xunit;

namespace Percheron.Cli.Tests.Commands;

public sealed class TranscribeCommandTests : IDisposable
{
    private readonly TinyListener _target = new(), _assistant = new(seed: 2, encoder: false);
    private readonly string _folder = Directory.CreateTempSubdirectory("percheron").FullName;

    public void Dispose()
    {
        _target.Dispose();
        _assistant.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void The_text_goes_to_standard_output_and_nothing_else()
    {
        string recording = Recording("sound.wav", 0.5, 4000);
        Run run = Run.Of("transcribe", recording, "-m", _target.Path);
        Assert.True(run.Code == 0, run.Error);
        Assert.Matches("^[a-z]+$", run.Output);
        Assert.Contains("tokens/s", run.Error, StringComparison.Ordinal);
        JsonNode json = Run.Of("transcribe", recording, "-m", _target.Path, "--json", "--drafter", "none").Json;
        Assert.Equal(run.Output, (string?)json["text"]);
        Assert.Equal(0.5, (double?)json["seconds"]);
        Assert.Single(json["runs"]!.AsArray());
    }

    [Fact]
    public void An_assistant_listens_to_the_same_states_and_the_text_stays_the_same()
    {
        string recording = Recording("sound.wav", 0.5, 4000);
        foreach (string drafter in new[] { "model(depth=3, confidence=0)", $"model(@{_assistant.Path}, depth=2)", "fallback(suffix, model)" })
        {
            JsonNode json = Run.Of("transcribe", recording, "-m", _target.Path, "-md", _assistant.Path, "--drafter", drafter, "--compare", "--repeats", "1", "--budget", "6", "--json").Json;
            Assert.True((bool?)json["compared"]![0]!["identical"]);
        }
        // Two models are two texts: the assistant has said something of its own.
        JsonNode drafted = Run.Of("transcribe", recording, "-m", _target.Path, "-md", _assistant.Path, "--drafter", "model(depth=3, confidence=0)", "--budget", "6", "--json").Json;
        Assert.True((long?)drafted["runs"]![0]!["stats"]!["offered"] > 0);
    }

    [Fact]
    public void A_recording_of_another_rate_is_brought_to_the_models_and_a_long_one_is_heard_in_parts()
    {
        Assert.Equal(0, Run.Of("transcribe", Recording("fast.wav", 0.5, 44_100), "-m", _target.Path, "--budget", "4").Code);
        // 80 frames of 10 ms are heard at once.
        JsonNode json = Run.Of("transcribe", Recording("long.wav", 2, 4000), "-m", _target.Path, "--budget", "4", "--json").Json;
        Assert.Equal(3, json["runs"]!.AsArray().Count);
        Assert.Equal(string.Join(' ', json["runs"]!.AsArray().Select(run => ((string?)run!["text"])!.Trim()).Where(text => text.Length > 0)), (string?)json["text"]);
    }

    [Fact]
    public void What_cannot_be_read_is_one_line()
    {
        string recording = Recording("sound.wav", 0.2, 4000), damaged = Path.Combine(_folder, "damaged.wav"), silent = Path.Combine(_folder, "silent.wav");
        File.WriteAllBytes(damaged, File.ReadAllBytes(recording)[..20]);
        WavFile.Write(silent, new Waveform([], 4000));
        using TinyModel llama = new();
        using TinyListener other = new(encoder: false, hidden: 48);
        foreach ((string[] arguments, string says) in new (string[], string)[]
        {
            (["no-such.wav", "-m", _target.Path], "no-such.wav"), ([_folder, "-m", _target.Path], "is a folder"), ([damaged, "-m", _target.Path], "damaged.wav"), ([silent, "-m", _target.Path], "no sound"),
            ([_target.Path, "-m", _target.Path], "not a WAV file"), ([recording, "-m", llama.Path], "does not listen"), ([recording, "-m", "no-such.gguf"], "no-such.gguf"), ([recording, "-m", _assistant.Path], "has no encoder"),
            ([recording, "-m", _target.Path, "-md", other.Path, "--drafter", "model"], "no assistant of this target"), ([recording, "-m", _target.Path, "-md", llama.Path, "--drafter", "model"], "does not listen"), ([recording], "embedded model is missing"),
        }) Assert.Contains(says, Run.Of(["transcribe", .. arguments]).Fails(1), StringComparison.Ordinal);
        Run.Of("transcribe").Fails(2);
    }

    private string Recording(string name, double seconds, int rate)
    {
        string path = Path.Combine(_folder, name);
        WavFile.Write(path, new Waveform([.. Enumerable.Range(0, (int)(seconds * rate)).Select(t => (float)(0.4 * Math.Sin(2 * Math.PI * 330 * t / rate)))], rate));
        return path;
    }
}
