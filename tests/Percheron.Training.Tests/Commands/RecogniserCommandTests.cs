using Percheron.Models.Encoders;
using Percheron.Training.Commands;
using Percheron.Training.Tests.Speech;
using Percheron.Training.Tests.Support;
using Xunit;

namespace Percheron.Training.Tests.Commands;

public class RecogniserCommandTests
{
    [TorchFact]
    public void A_recogniser_and_its_assistant_are_files_that_listen_together()
    {
        using Folder folder = new(), made = new();
        Recordings.Make(folder);
        string[] small = ["--data", folder.Path, "--out", made.Path, "--steps", "2", "--rows", "4", "--measured", "2", "--threads", "1", "--width", "32", "--heads", "2", "--inner", "32", "--encoder-layers", "1", "--bands", "20"];
        Assert.Equal(0, RecogniserCommand.Create().Parse([.. small, "--name", "ears"]).Invoke());
        string model = made.File("ears-q8_0.gguf");
        Assert.Equal(0, RecogniserCommand.Create().Parse([.. small, "--name", "helper", "--assistant", model]).Invoke());
        Assert.Equal(0, RecogniserCommand.Create().Parse(["--data", folder.Path, "--out", made.Path, "--steps", "2", "--measured", "2", "--threads", "1", "--name", "guesses", "--head", "medusa(heads=2)", "-m", model]).Invoke());
        Assert.Contains("\"Drafter\": \"medusa(", File.ReadAllText(made.File("guesses.card.json")), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => RecogniserCommand.Create().Parse([.. small, "--head", "medusa"]).Invoke(new System.CommandLine.InvocationConfiguration { EnableDefaultExceptionHandler = false }));
        Assert.Equal(0, RecogniserCommand.Create().Parse(["--data", folder.Path, "--out", made.Path, "--steps", "2", "--rows", "4", "--measured", "2", "--threads", "1", "--name", "older", "--from", model]).Invoke());
        using (WhisperModel older = WhisperModel.Open(made.File("older-q8_0.gguf"))) Assert.Equal((true, 20, 2, 32), (older.HasEncoder, older.Bands, older.Config.LayerCount, older.StateWidth));
        Assert.Throws<ArgumentException>(() => RecogniserCommand.Create().Parse([.. small, "--from", model, "--assistant", model]).Invoke(new System.CommandLine.InvocationConfiguration { EnableDefaultExceptionHandler = false }));
        using WhisperModel target = WhisperModel.Open(model), assistant = WhisperModel.Open(made.File("helper-q8_0.gguf"));
        Assert.Equal((true, 20, 2, 288), (target.HasEncoder, target.Bands, target.Config.LayerCount, target.Config.Vocab));
        Assert.Equal((false, 32, 1, 288), (assistant.HasEncoder, assistant.StateWidth, assistant.Config.LayerCount, assistant.Config.Vocab));
        Assert.Contains("word error rate", File.ReadAllText(made.File("ears-q8_0.card.json")), StringComparison.Ordinal);
        Assert.Contains("accepted length", File.ReadAllText(made.File("helper-q8_0.card.json")), StringComparison.Ordinal);
    }
}
