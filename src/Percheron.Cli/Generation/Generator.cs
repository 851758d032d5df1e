using System.Globalization;
using Percheron.Cli.Bench;
using Percheron.Cli.Hosting;
using Percheron.Decoding;

namespace Percheron.Cli.Generation;

/// <summary>Runs requests against the target with any drafter and verifier of the catalogue.</summary>
internal sealed class Generator(ModelHost host, Catalog catalog, Func<ModelHost, Drafter, BudgetPolicy> budget)
{
    private const string Plain = "none";

    /// <summary>Accepted length forced on every run that drafts (<see cref="SyntheticLength"/>); null leaves it to the verifier.</summary>
    public double? Synthetic { get; init; }

    /// <summary>Who shows the text as it comes: a piece, and whether it was drafted.</summary>
    public delegate void Show(string text, bool drafted);

    /// <summary>Whether a verifier gives the text of plain decoding, not only its law.</summary>
    public bool PromisesText(string verifier, SamplingSettings sampling)
    {
        Verifier rule = catalog.Verifier(verifier, host);
        return rule.SharesNoise || (rule.IsLossless && sampling.Temperature == 0);
    }

    /// <summary>Runs one request to its end.</summary>
    /// <param name="request">What to generate.</param>
    /// <param name="drafter">Spec of who guesses.</param>
    /// <param name="verifier">Spec of who decides.</param>
    /// <param name="show">Sees the text after every step; null shows nothing.</param>
    /// <param name="stop">Ends the text where it stands.</param>
    public GenerationResult Run(GenerationRequest request, string drafter, string verifier, Show? show = null, CancellationToken stop = default)
    {
        if (request.Prompt.Length > host.Target.ContextLength)
            throw new Failure($"the prompt has {request.Prompt.Length} tokens, but the context holds {host.Target.ContextLength}; shorten it or raise --context.");
        IReadOnlyCollection<int> ends = host.Tokenizer?.EndOfGeneration ?? [];
        StepRecorder recorder = new(request.LogProbabilities);
        OutputText text = new(host.Tokenizer, request.Prompt, request.Stops, ends, Math.Min(host.Target.ContextLength, (long)request.Prompt.Length + request.MaxTokens));
        Verifier rule = catalog.Verifier(verifier, host);
        // Plain decoding is what a forced acceptance is compared with.
        double? forced = drafter == Plain ? null : Synthetic;
        if (forced is { } length) (rule, verifier) = (new SyntheticLength(length), $"synthetic-length({length.ToString(CultureInfo.InvariantCulture)})");
        Drafter guesses = catalog.Drafter(drafter, host);
        BudgetPolicy policy = budget(host, guesses);
        Decoder decoder = new(host.Target, guesses, rule, new DecoderOptions { Budget = new TimedBudget(policy, guesses), Observer = recorder });
        Sequence sequence = new(request.Prompt, new SequenceOptions
        {
            Sampling = request.Sampling,
            Seed = request.Seed,
            MaxTokens = request.MaxTokens,
            MinTokens = request.MinTokens,
            StopTokens = request.IgnoreEos ? [] : [.. ends],
            Stops = [text],
        });
        try
        {
            while (!sequence.Done)
            {
                if (stop.IsCancellationRequested) sequence.Cancel();
                else decoder.Step([sequence]);
                if (sequence.Done) text.End();
                if (show is not null)
                    foreach ((string piece, int token) in text.Take()) show(piece, recorder.IsDrafted(token));
            }
        }
        finally
        {
            decoder.Release(sequence);
        }
        int[] tokens = [.. sequence.Output];
        return new GenerationResult(drafter, verifier, tokens, text.ToString(), sequence.Finish, decoder.Statistics, policy, recorder.CacheBytes, [.. recorder.LogProbabilities.Take(tokens.Length)]) { Synthetic = forced };
    }
}
