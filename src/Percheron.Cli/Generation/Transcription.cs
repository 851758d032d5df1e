using Percheron.Cli.Hosting;
using Percheron.Cli.Output;
using Percheron.Decoding;

namespace Percheron.Cli.Generation;

/// <summary>Writes down what is said in a recording, as many parts one after the other as the model needs to hear it.</summary>
/// <param name="settings">Which models, without the sound.</param>
/// <param name="catalog">Methods.</param>
/// <param name="budget">Makes a policy for each run.</param>
/// <param name="terminal">Of the command.</param>
internal sealed class Transcription(ModelSettings settings, Catalog catalog, Func<ModelHost, Drafter, BudgetPolicy> budget, Terminal terminal)
{
    private readonly List<GenerateReport> _runs = [];
    private readonly List<CompareReport> _compared = [];

    /// <summary>One for each part.</summary>
    public IReadOnlyList<GenerateReport> Runs => _runs;

    /// <summary>One for each part that was compared with plain decoding.</summary>
    public IReadOnlyList<CompareReport> Compared => _compared;

    /// <summary>Everything that was said.</summary>
    public string Text => string.Join(' ', _runs.Select(run => run.Text.Trim()).Where(text => text.Length > 0));

    /// <summary>Hears and writes down one part.</summary>
    /// <param name="part">Which.</param>
    /// <param name="choose">Says who guesses and who decides.</param>
    /// <param name="repeats">Runs of each kind to compare; 0 compares nothing.</param>
    /// <param name="silent">Whether neither text nor summary is shown.</param>
    /// <returns>How many parts there are.</returns>
    /// <exception cref="Failure">Something is wrong with the models, or the text differs from that of plain decoding.</exception>
    public int Run(SoundPart part, Func<ModelHost, (string Drafter, string Verifier)> choose, int repeats, bool silent)
    {
        using ModelHost host = new(settings with { Sound = part }, terminal);
        (string drafter, string verifier) = choose(host);
        int[] prompt = [.. host.Heard!.Listener.StartTokens];
        GenerationRequest request = new() { Prompt = prompt, Sampling = SamplingSettings.Greedy, Seed = 0, MaxTokens = host.Target.ContextLength - prompt.Length };
        host.RequireTokenizer();
        Generator generator = new(host, catalog, budget);
        Comparison comparison = new(generator, host, terminal);
        TextPrinter? printer = silent ? null : new TextPrinter(terminal, colour: false, request.Seeds);
        host.WarmUp();
        (CompareReport? compared, GenerationResult result) = repeats > 0
            ? comparison.Measure(request, drafter, verifier, repeats, printer)
            : (null, generator.Run(request, drafter, verifier, printer is null ? null : printer.Show, terminal.Stop));
        if (compared is null) printer?.End();
        _runs.Add(GenerateReport.Of(request, result, host));
        if (compared is not null) _compared.Add(compared);
        if (!silent && compared is not null) comparison.Write(request, compared, result, coloured: false);
        else if (!silent) Summary.Write(request, result, terminal, coloured: false);
        if (compared is not null) comparison.Judge(request, compared);
        return host.Heard.Parts;
    }
}
