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

    /// <summary>Told after every step how many output tokens all texts have together.</summary>
    public Action<int>? Progress { get; init; }

    /// <summary>Who shows the texts as they come: which one, a piece, and whether it was drafted. They come one after the other.</summary>
    public delegate void Show(int sample, string text, bool drafted);

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
        Verifier rule = catalog.Verifier(verifier, host);
        // Plain decoding is what a forced acceptance is compared with.
        double? forced = drafter == Plain ? null : Synthetic;
        if (forced is { } length) (rule, verifier) = (new SyntheticLength(length), $"synthetic-length({length.ToString(CultureInfo.InvariantCulture)})");
        Drafter guesses = catalog.Drafter(drafter, host);
        BudgetPolicy policy = budget(host, guesses);
        Sample[] samples = new Sample[request.Samples];
        for (int i = 0; i < samples.Length; i++) samples[i] = new Sample(request, host.Tokenizer, host.Target.ContextLength, i == 0 ? null : samples[0], i);
        Recorders recorders = new(samples);
        Decoder decoder = new(host.Law, guesses, rule, new DecoderOptions { Budget = new TimedBudget(policy, guesses), Observer = recorders });
        try
        {
            Decode(decoder, samples, show, stop);
        }
        finally
        {
            foreach (Sample sample in samples) decoder.Release(sample.Sequence);
        }
        return new GenerationResult(drafter, verifier, [.. samples.Select(s => s.Result())], decoder.Statistics, policy, samples.Sum(s => s.Recorder.CacheBytes)) { Synthetic = forced };
    }

    // All texts are one batch; the first that has not ended is the one that is shown.
    private void Decode(Decoder decoder, Sample[] samples, Show? show, CancellationToken stop)
    {
        Sequence[] batch = [.. samples.Select(s => s.Sequence)];
        int shown = 0;
        while (shown < samples.Length)
        {
            if (stop.IsCancellationRequested) foreach (Sequence sequence in batch) sequence.Cancel();
            else decoder.Step(batch);
            Progress?.Invoke(batch.Sum(sequence => sequence.Output.Length));
            for (; shown < samples.Length; shown++)
            {
                Sample sample = samples[shown];
                if (sample.Sequence.Done) sample.Text.End();
                if (show is not null)
                    foreach ((string piece, int token) in sample.Text.Take()) show(shown, piece, sample.Recorder.IsDrafted(token));
                if (!sample.Sequence.Done) break;
            }
        }
    }

    // A decoder has one observer; every text notes its own steps.
    private sealed class Recorders(Sample[] samples) : IStepObserver
    {
        private readonly Dictionary<Sequence, StepRecorder> _recorders = samples.ToDictionary(s => s.Sequence, s => s.Recorder);

        public void Observe(in Step step) => _recorders[step.Sequence].Observe(step);
    }
}
