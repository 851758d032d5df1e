using System.CommandLine;
using Percheron.Cli.Hosting;
using Percheron.Cli.Options;
using Percheron.Cli.Output;
using Percheron.Formats;

namespace Percheron.Cli.Commands;

/// <summary><c>percheron inspect</c>: what is in a model file and what it will cost to run.</summary>
internal static class InspectCommand
{
    public static Command Create(Terminal terminal)
    {
        Command command = new("inspect", "Shows a model file: metadata, tensors, sizes, what it will cost to run.");
        Argument<string> file = new("FILE") { Description = "A GGUF file." };
        JsonFlag json = new();
        command.Add(file);
        json.AddTo(command);
        Help.Attach(command, terminal, "percheron inspect models/percheron-docs-q8_0.gguf");
        command.SetAction(parsed =>
        {
            InspectReport report = Gguf(parsed.GetRequiredValue(file));
            if (json.Read(parsed)) Json.Write(terminal, report);
            else InspectTable.Write(report, terminal);
            return 0;
        });
        return command;
    }

    private static InspectReport Gguf(string path)
    {
        using GgufFile file = GgufFile.Open(path);
        TensorReport[] tensors = [.. file.Tensors.Select(t => new TensorReport(t.Name, t.Type.ToString(), [.. t.Dimensions.Reverse()], t.ByteLength))];
        TypeReport[] types = [.. file.Tensors.GroupBy(t => t.Type).OrderByDescending(g => g.Sum(t => t.ByteLength))
            .Select(g => new TypeReport(g.Key.ToString(), g.Count(), g.Sum(t => t.Elements), g.Sum(t => t.ByteLength)))];
        string? architecture = file.TryGetString("general.architecture", out string name) ? name : null;
        return new InspectReport(path, "gguf", file.Version, architecture, file.FileLength, types.Sum(t => t.Parameters), MetadataText.Of(file), types, tensors, RunningCost.Of(file));
    }
}
