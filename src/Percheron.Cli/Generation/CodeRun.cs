using System.CommandLine;
using Percheron.Cli.Options;
using Percheron.Cli.Output;

namespace Percheron.Cli.Generation;

/// <summary>One run of a model over codes, compared with plain decoding where that was asked for.</summary>
internal sealed class CodeRun
{
    private readonly Comparison _comparison;

    private CodeRun(GenerationRequest request, GenerationResult result, CompareReport? compared, Comparison comparison) => (Request, Result, Compared, _comparison) = (request, result, compared, comparison);

    public GenerationRequest Request { get; }

    /// <summary>What the run with the drafter gave.</summary>
    public GenerationResult Result { get; }

    /// <summary>With <c>--compare</c>.</summary>
    public CompareReport? Compared { get; }

    public IReadOnlyList<SampleResult> Samples => Result.Samples;

    /// <summary>Runs it, with a line of progress on a terminal and a summary unless JSON is wanted.</summary>
    /// <param name="session">Model and catalogue.</param>
    /// <param name="flags">What was asked for.</param>
    /// <param name="parsed">The command line.</param>
    /// <param name="terminal">Of the command.</param>
    /// <param name="request">What to generate.</param>
    /// <param name="repeats">Runs of each kind to compare; 0 compares nothing.</param>
    /// <param name="where">What to say of so many tokens of all.</param>
    public static CodeRun Do(CodeSession session, CodeFlags flags, ParseResult parsed, Terminal terminal, GenerationRequest request, int repeats, Func<int, int, string> where)
    {
        (string drafter, string verifier) = (flags.Speculation.ReadDrafter(parsed, session.Host), flags.Speculation.ReadVerifier(parsed));
        bool json = flags.ReadJson(parsed), shows = !json && terminal.ErrorIsTerminal;
        int all = (int)Math.Min(int.MaxValue, (long)request.MaxTokens * request.Samples);
        string last = "";
        void Progress(int tokens)
        {
            if (where(tokens, all) is var line && line != last) terminal.Error.Write($"\r{last = line}   ");
        }
        Generator generator = new(session.Host, session.Catalog, flags.Speculation.ReadBudget(parsed)) { Progress = shows ? Progress : null };
        Comparison comparison = new(generator, session.Host, terminal);
        session.Host.WarmUp();
        (CompareReport? compared, GenerationResult result) = repeats > 0 ? comparison.Measure(request, drafter, verifier, repeats) : (null, generator.Run(request, drafter, verifier, stop: terminal.Stop));
        if (last.Length > 0) terminal.Error.Write("\r" + new string(' ', last.Length + 3) + "\r");
        if (!json && compared is not null) comparison.Write(request, compared, result, coloured: false);
        else if (!json) Summary.Write(request, result, terminal, coloured: false);
        return new CodeRun(request, result, compared, comparison);
    }

    /// <summary>0 unless a comparison failed.</summary>
    /// <exception cref="Failure">It did.</exception>
    public int Judge() => Compared is null ? 0 : _comparison.Judge(Request, Compared);
}
