using Percheron.Cli.Generation;
using Percheron.Cli.Hosting;
using Percheron.Cli.Options;
using Percheron.Decoding;
using Percheron.Kernels;
using Percheron.Models;

namespace Percheron.Cli.Commands;

/// <summary><c>percheron</c> without arguments: the embedded model writes a documentation comment, and plain decoding writes the same.</summary>
internal static class DemonstrationCommand
{
    private const int Tokens = 400;
    private const ulong Seed = 1;

    public static int Run(Terminal terminal)
    {
        using ModelHost host = new(new ModelSettings(null, null, null, CacheType.Auto, PhysicalCores.Count), terminal);
        Generator generator = new(host, new Catalog(), static (host, drafter) => host.NewPlanner(drafter));
        GenerationRequest request = new()
        {
            Prompt = PromptFlags.Encode(GenerateCommand.ExamplePrompt, host.RequireTokenizer()),
            Sampling = SamplingSettings.Greedy,
            Seed = Seed,
            MaxTokens = Tokens,
        };
        terminal.Note("The embedded model continues the name of a .NET method with its documentation, several tokens at a time.");
        terminal.Note("");
        terminal.Output.Write(GenerateCommand.ExamplePrompt);
        return new Comparison(generator, host, terminal).Run(request, SpeculationFlags.Standard(host), "coupled", repeats: 5, json: false, terminal.Colours(terminal.OutputIsTerminal));
    }
}
