using System.Diagnostics;
using Percheron.Cli;
using Percheron.Cli.Hosting;
using Percheron.Cli.Options;
using Percheron.Decoding;
using Percheron.Planning;
using Percheron.Verifiers;

namespace Percheron.Benchmarks.Runs;

/// <summary>The models of an end-to-end benchmark and runs of them, set up as <c>percheron generate</c> does.</summary>
internal sealed class Workbench : IDisposable
{
    /// <summary>What the embedded models know, in the form of their training data.</summary>
    public static readonly string[] Familiar =
    [
        "M:System.IO.File.ReadAllText(System.String)", "M:System.String.IndexOf(System.Char,System.Int32)", "T:System.Collections.Generic.Dictionary`2",
        "M:System.Threading.Tasks.Task.WhenAll(System.Threading.Tasks.Task[])", "P:System.Text.StringBuilder.Length", "M:System.Math.Max(System.Int32,System.Int32)",
        "M:System.Net.Http.HttpClient.GetAsync(System.String)", "T:System.ArgumentNullException",
    ];

    // The drafter of this assembly joins the catalogue.
    private readonly Catalog _catalog = new(typeof(Workbench).Assembly);

    /// <param name="options">Which models.</param>
    /// <param name="sequences">Of the largest batch.</param>
    public Workbench(RunOptions options, int sequences = 1)
    {
        Host = new ModelHost(options.Models with { Sequences = sequences }, new Terminal(Console.Out, Console.Error));
        Host.WarmUp();
    }

    public ModelHost Host { get; }

    /// <summary>The drafter of generate.</summary>
    public string StandardDrafter => SpeculationFlags.Standard(Host);

    /// <summary>Decodes a batch to its end.</summary>
    /// <param name="prompts">One for each sequence.</param>
    /// <param name="sampling">For all of them; sequences differ by their seed.</param>
    /// <param name="tokens">Output of each.</param>
    /// <param name="drafter">Spec.</param>
    /// <param name="budget">Nodes; −1 is <c>--budget auto</c>.</param>
    public RunResult Run(int[][] prompts, SamplingSettings sampling, int tokens, string drafter, int budget)
    {
        Drafter guesses = _catalog.Drafter(drafter, Host);
        BudgetPolicy policy = budget < 0 ? Host.NewPlanner(guesses) : new FixedBudget(budget);
        Decoder decoder = new(Host.Target, guesses, new Coupled(), new DecoderOptions { Budget = new TimedBudget(policy, guesses) });
        Sequence[] batch = [.. prompts.Select((p, i) => new Sequence(p, new SequenceOptions { Sampling = sampling, Seed = RandomSource.DeriveSeed(1, i), MaxTokens = tokens }))];
        long start = Stopwatch.GetTimestamp();
        decoder.Run(batch);
        return new RunResult(Stopwatch.GetElapsedTime(start).TotalSeconds, decoder.Statistics);
    }

    /// <summary>Ids of a text, or as many random ones where the model has no vocabulary of letters.</summary>
    public int[] Encode(string text, Random random) =>
        Host.Tokenizer is null ? RandomTokens(text.Length / 3, random) : PromptFlags.Encode(text, Host.Tokenizer);

    public int[] RandomTokens(int count, Random random) => [.. Enumerable.Range(0, count).Select(_ => random.Next(Host.Target.Vocab))];

    public void Dispose() => Host.Dispose();
}
