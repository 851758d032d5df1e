using System.CommandLine;
using Percheron.Cli.Hosting;
using Percheron.Cli.Options;
using Percheron.Cli.Output;
using Percheron.Formats;

namespace Percheron.Cli.Commands;

/// <summary><c>percheron quantize</c>: writes a model in another precision.</summary>
internal static class QuantizeCommand
{
    private static readonly Dictionary<string, TensorType> Types = new()
    {
        ["q8_0"] = TensorType.Q8_0,
        ["q4_0"] = TensorType.Q4_0,
        ["q4_k"] = TensorType.Q4_K,
        ["q6_k"] = TensorType.Q6_K,
        ["f16"] = TensorType.F16,
        ["bf16"] = TensorType.BF16,
        ["f32"] = TensorType.F32,
    };

    public static Command Create(Terminal terminal)
    {
        Command command = new("quantize", "Writes a model in another precision. A matrix whose columns the block does not divide falls back (to Q8_0, then F16), and the command says which.");
        Argument<string> input = new("IN") { Description = "A GGUF file." };
        Argument<string> output = new("OUT") { Description = "The file to write; replaced if it exists." };
        Option<string> type = new("--type") { Description = string.Join(" | ", Types.Keys), HelpName = "TYPE", Required = true };
        JsonFlag json = new();
        command.Add(input);
        command.Add(output);
        command.Add(type);
        json.AddTo(command);
        Help.Attach(command, terminal, "percheron quantize model-f16.gguf model-q4_k.gguf --type q4_k");
        command.SetAction(parsed =>
        {
            if (!Types.TryGetValue(parsed.GetRequiredValue(type).ToLowerInvariant(), out TensorType wanted))
                throw Failure.Usage($"--type must be one of {string.Join(", ", Types.Keys)}, not '{parsed.GetValue(type)}'.");
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
        if (Directory.Exists(output)) throw new Failure($"'{output}' is a folder; name the file to write.");
        if (Path.GetDirectoryName(Path.GetFullPath(output)) is { } folder && !Directory.Exists(folder)) throw new Failure($"there is no folder '{folder}' to write to.");
        IReadOnlyList<QuantizationFallback> fallbacks = GgufQuantizer.Quantize(file, output, type, terminal.ErrorIsTerminal ? new Percentage(terminal) : null);
        return new QuantizeReport(input, output, type.ToString(), file.FileLength, new FileInfo(output).Length, [.. fallbacks.Select(f => new FallbackReport(f.Tensor, f.Columns, f.Stored.ToString()))]);
    }

    private static void Write(QuantizeReport report, Terminal terminal)
    {
        foreach (FallbackReport f in report.Fallbacks)
            terminal.Note($"{f.Tensor}: {f.Columns} columns are not whole {report.Type} blocks, stored as {f.Stored}");
        terminal.Note($"{report.Output}: {Quantity.Bytes(report.OutputBytes)}, was {Quantity.Bytes(report.InputBytes)}");
    }

    // Rewrites one line of the terminal.
    private sealed class Percentage(Terminal terminal) : IProgress<double>
    {
        private int _shown = -1;

        public void Report(double value)
        {
            int percent = (int)(100 * value);
            if (percent == _shown) return;
            _shown = percent;
            terminal.Error.Write(percent == 100 ? "\r     \r" : $"\r{percent,3} %");
            terminal.Error.Flush();
        }
    }
}
