using System.Text.Json.Nodes;
using Percheron.Cli.Tests.Support;
using Percheron.Codecs.Networks;
using Percheron.Evaluation.Pictures;
using Percheron.Formats;
using Xunit;

namespace Percheron.Cli.Tests.Commands;

/// <summary><c>evaluate image</c> and <c>evaluate speech</c> on small models of random weights.</summary>
public sealed class EvaluateCodesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("percheron-evaluate-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Pictures_have_a_distance_and_an_accuracy_and_lose_nothing_where_nothing_differs()
    {
        using TinyPictures pictures = new();
        string html = Path.Combine(_folder, "out.html");
        JsonArray rows = Evaluate("image", "-m", pictures.Target, "-md", pictures.Draft, "--codec", "palette", "--features", Features(), "--drafters", "model(depth=2) | coupled | 4;suffix | typical-acceptance", "--report", html, "--examples", "2").Json["rows"]!.AsArray();
        Assert.Equal(["FID (toy)", "caption accuracy %"], rows[0]!["metrics"]!.AsArray().Select(m => (string)m!["name"]!));
        Assert.All(rows, row => Assert.True((double)row!["metrics"]![0]!["value"]! > 0));
        Assert.Equal(4, (int)rows[1]!["identical"]!);
        Assert.Equal(0.0, (double)rows[1]!["metrics"]![0]!["loss"]!["percent"]!);
        Assert.Equal((false, "16"), ((bool)rows[2]!["lossless"]!, (string?)rows[2]!["budget"]));
        Assert.Equal(2 * 3, File.ReadAllText(html).Split("data:image/png;base64,").Length - 1);
    }

    [Fact]
    public void Speech_is_heard_by_a_recogniser()
    {
        using TinyVoices voices = new();
        using TinyListener listener = new();
        string html = Path.Combine(_folder, "out.html");
        Run run = Evaluate("speech", "-m", voices.Target, "--recogniser", listener.Path, "--drafters", "ngram | coupled | 4", "--report", html, "--examples", "1");
        JsonArray rows = run.Json["rows"]!.AsArray();
        Assert.Equal(["WER", "CER"], rows[0]!["metrics"]!.AsArray().Select(m => (string)m!["name"]!));
        Assert.Equal((4, 0.0), ((int)rows[1]!["identical"]!, (double)rows[1]!["metrics"]![0]!["loss"]!["percent"]!));
        Assert.Contains("no speaker match", run.Error, StringComparison.Ordinal);
        Assert.Equal(2, File.ReadAllText(html).Split("data:audio/wav;base64,").Length - 1);
    }

    [Fact]
    public void Models_and_files_of_something_else_are_refused()
    {
        using TinyPictures pictures = new();
        using TinyVoices voices = new();
        Assert.Contains("no model of pictures", Evaluate("image", "-m", voices.Target).Fails(1), StringComparison.Ordinal);
        Assert.Contains("no model of speech", Evaluate("speech", "-m", pictures.Target).Fails(1), StringComparison.Ordinal);
        Assert.Contains("no recogniser", Evaluate("speech", "-m", voices.Target).Fails(1), StringComparison.Ordinal);
        Assert.Contains("no file or folder", Evaluate("image", "-m", pictures.Target, "--codec", "palette", "--features", "nowhere.gguf").Fails(1), StringComparison.Ordinal);
    }

    private Run Evaluate(string modality, params string[] options) => Run.Of(["evaluate", modality, .. options, "--json", "--log", Path.Combine(_folder, "log.jsonl"), "--samples", "4", "--speed-samples", "1", "--batch", "2"]);

    // The mean of each colour.
    private string Features()
    {
        LayerPlan plan = new(StackFeatures.Network, new LayerShape(3, 8, 8), ["pool"]);
        GgufWriter writer = new();
        writer.Add("general.architecture", StackFeatures.Architecture);
        writer.Add("general.name", "toy");
        plan.Write(writer);
        string path = Path.Combine(_folder, "features.gguf");
        writer.Write(path);
        return path;
    }
}
