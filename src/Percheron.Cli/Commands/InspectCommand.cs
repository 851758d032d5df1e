using System.CommandLine;
using System.Text.Json.Nodes;
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
        Argument<string> file = new("FILE") { Description = "A GGUF or safetensors file, a safetensors index, or the folder that holds one." };
        JsonFlag json = new();
        command.Add(file);
        json.AddTo(command);
        Help.Attach(command, terminal, "percheron inspect models/percheron-docs-q8_0.gguf");
        command.SetAction(parsed =>
        {
            string path = parsed.GetRequiredValue(file);
            if (!File.Exists(path) && !Directory.Exists(path)) throw new Failure($"there is no file '{path}'.");
            InspectReport report = IsSafetensors(path) ? Safetensors(path) : Gguf(path);
            if (json.Read(parsed)) Json.Write(terminal, report);
            else InspectTable.Write(report, terminal);
            return 0;
        });
        return command;
    }

    private static bool IsSafetensors(string path) =>
        Directory.Exists(path) || path.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".json", StringComparison.OrdinalIgnoreCase);

    private static InspectReport Safetensors(string path)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        JsonObject metadata = [];
        foreach ((string key, string value) in file.Metadata) metadata[key] = value;
        return Report(path, "safetensors", null, null, file.Tensors.Select(t => t.Shard).Distinct().Sum(s => new FileInfo(s).Length), metadata,
            [.. file.Tensors.Select(t => (new TensorReport(t.Name, t.Type.ToString(), [.. t.Shape], t.ByteLength), t.Elements))], null);
    }

    private static InspectReport Gguf(string path)
    {
        using GgufFile file = GgufFile.Open(path);
        string? architecture = file.TryGetString("general.architecture", out string name) ? name : null;
        return Report(path, "gguf", file.Version, architecture, file.FileLength, MetadataText.Of(file),
            [.. file.Tensors.Select(t => (new TensorReport(t.Name, t.Type.ToString(), [.. t.Dimensions.Reverse()], t.ByteLength), t.Elements))], RunningCost.Of(file));
    }

    private static InspectReport Report(
        string path, string format, int? version, string? architecture, long bytes, JsonObject metadata, IReadOnlyList<(TensorReport Tensor, long Elements)> tensors, CostReport? cost)
    {
        TypeReport[] types = [.. tensors.GroupBy(t => t.Tensor.Type).Select(g => new TypeReport(g.Key, g.Count(), g.Sum(t => t.Elements), g.Sum(t => t.Tensor.Bytes))).OrderByDescending(t => t.Bytes)];
        return new InspectReport(path, format, version, architecture, bytes, types.Sum(t => t.Parameters), metadata, types, [.. tensors.Select(t => t.Tensor)], cost);
    }
}
