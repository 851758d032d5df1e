using System.Text.Json;
using Percheron.Training.Evaluation;
using Percheron.Training.Export;
using Percheron.Training.Runs;
using Percheron.Training.Tests.Support;
using Xunit;

namespace Percheron.Training.Tests.Export;

public class ModelCardTests
{
    [TorchFact]
    public void Lies_beside_the_model_and_says_what_and_who_made_it()
    {
        using var folder = new Folder();
        string model = folder.File("medusa.gguf");
        File.WriteAllBytes(model, new byte[123]);
        new ModelCard
        {
            File = "medusa.gguf",
            Kind = "medusa(heads=4)",
            Drafter = "medusa(@medusa.gguf)",
            Parameters = 7,
            Data = "rows",
            Recipe = new { Objective = "Medusa1", MatrixRate = 0.02 },
            Run = new RunState { Step = 12, Seed = ulong.MaxValue, BestScore = 2.5 },
            Acceptance = [new AcceptanceAt(0, 2.75, [0.9, 0.5], 40)],
        }.Write(model);
        using var card = JsonDocument.Parse(File.ReadAllText(folder.File("medusa.card.json")));
        JsonElement root = card.RootElement;
        Assert.Equal((123, "medusa(heads=4)", 2.75), (root.GetProperty("Bytes").GetInt32(), root.GetProperty("Kind").GetString(), root.GetProperty("Acceptance")[0].GetProperty("AcceptedLength").GetDouble()));
        Assert.Equal((ulong.MaxValue, 0.02), (root.GetProperty("Run").GetProperty("Seed").GetUInt64(), root.GetProperty("Recipe").GetProperty("MatrixRate").GetDouble()));
        Assert.False(root.TryGetProperty("Target", out _));
        JsonElement maker = root.GetProperty("Provenance");
        Assert.StartsWith(".NET 10", maker.GetProperty("dotnet").GetString(), StringComparison.Ordinal);
        Assert.Equal("0.107.0", maker.GetProperty("torchsharp").GetString());
        Assert.Matches("^([0-9a-f]{40}|unknown)$", maker.GetProperty("commit").GetString());
    }

    [Fact]
    public void Names_no_folder_of_the_machine_it_was_made_on()
    {
        Assert.Equal("recordings.tar.xz", ModelCard.Portable(Path.Combine(Path.GetTempPath(), "recordings.tar.xz")));
        Assert.Equal("recordings", ModelCard.Portable(Path.Combine(Path.GetTempPath(), "recordings") + Path.DirectorySeparatorChar));
        foreach (string plain in (string[])["--data", "out/speech", "8", "medusa(heads=4)"]) Assert.Equal(plain, ModelCard.Portable(plain));
    }
}
