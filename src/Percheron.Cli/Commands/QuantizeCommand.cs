using System.CommandLine;
using Percheron.Cli.Hosting;
using Percheron.Cli.Options;
using Percheron.Cli.Output;
using Percheron.Formats;

namespace Percheron.Cli.Commands;

/// <summary><c>percheron quantize</c>: writes a model in another precision.</summary>
internal static class QuantizeCommand
{
    public static Command Create(Terminal terminal)
    {
        Command command = new("quantize", "Writes a model in another precision. A matrix whose columns the block does not divide falls back (to Q8_0, then F16), and the command says which.");
        Argument<string> input = new("IN") { Description = "A GGUF file." };
        Argument<string> output = new("OUT") { Description = "The file to write; replaced if it exists." };
        Option<string> type = new("--type") { Description = StorageType.Names(" | "), HelpName = "TYPE", Required = true };
        JsonFlag json = new();
        command.Add(input);
        command.Add(output);
        command.Add(type);
        json.AddTo(command);
        Help.Attach(command, terminal, "percheron quantize model-f16.gguf model-q4_k.gguf --type q4_k");
        command.SetAction(parsed =>
        {
            TensorType wanted = StorageType.Parse(parsed.GetRequiredValue(type));
            QuantizeReport report = Quantize(parsed.GetRequiredValue(input), parsed.GetRequiredValue(output), wanted, terminal);
            if (json.Read(parsed)) Json.Write(terminal, report);
            else Write(report, terminal);
            return 0;
        });
        return command;
    }

    private static QuantizeReport Quantize(string input, string output, TensorType type, Terminal terminal)
    {
        using GgufFile file = ModelFile.Open(input);
        ModelFile.RequireWritable(output);
        IReadOnlyList<QuantizationFallback> fallbacks = GgufQuantizer.Quantize(file, output, type, Percentage.On(terminal));
        return new QuantizeReport(input, output, type.ToString(), file.FileLength, new FileInfo(output).Length, [.. fallbacks.Select(f => new FallbackReport(f.Tensor, f.Columns, f.Stored.ToString()))]);
    }

    private static void Write(QuantizeReport report, Terminal terminal)
    {
        foreach (FallbackReport f in report.Fallbacks)
            terminal.Note($"{f.Tensor}: {f.Columns} columns are not whole {report.Type} blocks, stored as {f.Stored}");
        terminal.Note($"{report.Output}: {Quantity.Bytes(report.OutputBytes)}, was {Quantity.Bytes(report.InputBytes)}");
    }
}
