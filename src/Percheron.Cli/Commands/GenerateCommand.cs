using System.CommandLine;
using Percheron.Cli.Generation;
using Percheron.Cli.Hosting;
using Percheron.Cli.Options;
using Percheron.Cli.Output;
using Percheron.Decoding;

namespace Percheron.Cli.Commands;

/// <summary><c>percheron generate</c>: continues a prompt.</summary>
internal static class GenerateCommand
{
    /// <summary>Prompt of the demonstration and of examples.</summary>
    public const string ExamplePrompt = "M:System.IO.File.ReadAllText(System.String)";

    public static Command Create(Terminal terminal)
    {
        Command command = new("generate", "Continues a prompt: the text streams to standard output, a summary follows on standard error. Ctrl-C ends the text where it stands (exit code 0), a second Ctrl-C the program (130).");
        GenerateFlags what = new();
        ModelFlags models = new();
        SpeculationFlags how = new();
        SyntheticFlag synthetic = new();
        PluginFlag plugin = new();
        JsonFlag json = new();
        Option<bool> compare = new("--compare") { Description = "Run plain decoding too, check that the output is byte-identical, print both speeds; exit 1 if it differs." };
        Option<int> repeats = new("--repeats") { Description = "With --compare: runs of each kind; speeds are medians.", HelpName = "N", DefaultValueFactory = _ => 3 };
        Option<bool> colour = new("--color") { Description = "Colour drafted and accepted tokens where standard output is a terminal; CLICOLOR_FORCE=1 colours everywhere." };
        what.AddTo(command);
        models.AddTo(command);
        how.AddTo(command);
        synthetic.AddTo(command);
        foreach (Option option in new Option[] { compare, repeats, colour }) command.Add(option);
        plugin.AddTo(command);
        json.AddTo(command);
        Help.Attach(command, terminal, $"percheron generate --color --temperature 0 \"{ExamplePrompt}\"");
        command.SetAction(parsed =>
        {
            what.Check(parsed);
            if (parsed.GetValue(repeats) < 1) throw Failure.Usage("--repeats must be at least 1.");
            if (synthetic.Read(parsed) is not null && parsed.GetValue(compare)) throw Failure.Usage("--synthetic-length forces the acceptance, so there is no text to --compare.");
            Func<ModelHost, Drafter, BudgetPolicy> budget = how.ReadBudget(parsed);
            Catalog catalog = plugin.Read(parsed);
            using ModelHost host = new(models.Read(parsed) with { Sequences = what.ReadSamples(parsed), Needs = how.ReadNeeds(parsed, catalog) }, terminal);
            Generator generator = new(host, catalog, budget) { Synthetic = synthetic.Read(parsed) };
            (string drafter, string verifier) = (how.ReadDrafter(parsed, host), how.ReadVerifier(parsed));
            GenerationRequest request = what.Read(parsed, host);
            host.WarmUp();
            bool coloured = parsed.GetValue(colour) && terminal.Colours(terminal.OutputIsTerminal);
            if (parsed.GetValue(compare))
                return new Comparison(generator, host, terminal).Run(request, drafter, verifier, parsed.GetValue(repeats), json.Read(parsed), coloured);
            GenerationResult result = Once(generator, host, terminal, request, drafter, verifier, json.Read(parsed), coloured);
            if (result.Synthetic is { } length && SyntheticFlag.Shortfall(result, length) is { } shortfall) throw new Failure(shortfall);
            return 0;
        });
        return command;
    }

    private static GenerationResult Once(Generator generator, ModelHost host, Terminal terminal, GenerationRequest request, string drafter, string verifier, bool json, bool coloured)
    {
        if (json)
        {
            GenerationResult silent = generator.Run(request, drafter, verifier, stop: terminal.Stop);
            Json.Write(terminal, GenerateReport.Of(request, silent, host));
            return silent;
        }
        TextPrinter printer = new(terminal, coloured, request.Seeds);
        GenerationResult result = generator.Run(request, drafter, verifier, printer.Show, terminal.Stop);
        printer.End();
        Summary.WriteLogProbabilities(GenerateReport.Of(request, result, host), terminal);
        Summary.Write(request, result, terminal, coloured);
        return result;
    }
}
