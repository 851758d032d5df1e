using System.CommandLine;
using Percheron.Cli.Hosting;
using Percheron.Cli.Options;
using Percheron.Cli.Output;
using Percheron.Formats;
using Percheron.Models.Widening;

namespace Percheron.Cli.Commands;

/// <summary><c>percheron widen</c>: writes a wider model that says the same at a larger model's cost.</summary>
internal static class WidenCommand
{
    public static Command Create(Terminal terminal)
    {
        Command command = new("widen", "Writes a wider model that computes the same function up to rounding, at K² the cost of its matrices: every hidden unit, head and feed-forward neuron K times. For measuring what a model of that size would cost; say 'widened' wherever such a number stands.");
        Argument<string> input = new("IN") { Description = "A GGUF file: a model, or a head, which then fits the model widened as often." };
        Argument<string> output = new("OUT") { Description = "The file to write; replaced if it exists." };
        Option<int> factor = new("--factor", "-k") { Description = "K, 2 to 64.", HelpName = "K", Required = true };
        Option<string?> type = new("--type") { Description = StorageType.Names(" | ") + ". [default: each matrix as it is]", HelpName = "TYPE" };
        JsonFlag json = new();
        command.Add(input);
        command.Add(output);
        command.Add(factor);
        command.Add(type);
        json.AddTo(command);
        Help.Attach(command, terminal, "percheron widen models/percheron-docs-q8_0.gguf wide.gguf --factor 8");
        command.SetAction(parsed =>
        {
            int copies = parsed.GetValue(factor);
            if (copies is < 2 or > 64) throw Failure.Usage($"--factor must be 2 to 64, not {copies}.");
            WidenReport report = Widen(parsed.GetRequiredValue(input), parsed.GetRequiredValue(output), copies, parsed.GetValue(type) is { } name ? StorageType.Parse(name) : null, terminal);
            if (json.Read(parsed)) Json.Write(terminal, report);
            else Write(report, terminal);
            return 0;
        });
        return command;
    }

    private static WidenReport Widen(string input, string output, int factor, TensorType? type, Terminal terminal)
    {
        using GgufFile file = ModelFile.Open(input);
        ModelFile.RequireWritable(output);
        if (Path.GetFullPath(input) == Path.GetFullPath(output)) throw new Failure("IN and OUT are the same file; name another to write.");
        ModelWidener.Widen(file, output, factor, type, Percentage.On(terminal));
        using GgufFile wide = GgufFile.Open(output);
        return new WidenReport(input, output, factor, file.Tensors.Sum(t => t.Elements), wide.Tensors.Sum(t => t.Elements), file.FileLength, wide.FileLength);
    }

    private static void Write(WidenReport report, Terminal terminal) => terminal.Note(
        $"{report.Output}: {Quantity.Count(report.OutputParameters)} parameters, {Quantity.Bytes(report.OutputBytes)}, widened {report.Factor} times from {Quantity.Count(report.InputParameters)}; the same function up to rounding");
}
