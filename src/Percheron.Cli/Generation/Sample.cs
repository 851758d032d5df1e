using Percheron.Codecs;
using Percheron.Decoding;

namespace Percheron.Cli.Generation;

/// <summary>One text of a run: its sequence, its text as it grows, and what is noted of its steps.</summary>
internal sealed class Sample
{
    /// <param name="request">What all texts of the run have in common.</param>
    /// <param name="tokenizer">Null where there is no vocabulary.</param>
    /// <param name="contextLength">Of the target.</param>
    /// <param name="first">The first text of the run, whose prompt is read for all; null makes the first one.</param>
    /// <param name="index">Which one; 0 is the first.</param>
    public Sample(GenerationRequest request, Tokenizer? tokenizer, int contextLength, Sample? first, int index)
    {
        IReadOnlyCollection<int> ends = tokenizer?.EndOfGeneration ?? [];
        Index = index;
        Recorder = new StepRecorder(request.LogProbabilities);
        Text = new OutputText(tokenizer, request.Prompt, request.Stops, ends, Math.Min(contextLength, (long)request.Prompt.Length + request.MaxTokens));
        Sequence = first?.Sequence.Another(index, [Text]) ?? new Sequence(request.Prompt, new SequenceOptions
        {
            Sampling = request.Sampling,
            Seed = request.Seed,
            MaxTokens = request.MaxTokens,
            MinTokens = request.MinTokens,
            StopTokens = request.IgnoreEos ? [] : [.. ends],
            Stops = [Text],
            Constraint = request.Constraint,
        });
    }

    public int Index { get; }

    public Sequence Sequence { get; }

    public OutputText Text { get; }

    public StepRecorder Recorder { get; }

    /// <summary>What there is in the end.</summary>
    public SampleResult Result()
    {
        int[] tokens = [.. Sequence.Output];
        return new SampleResult(Index, Sequence.Options.Seed, tokens, Text.ToString(), Sequence.Finish, [.. Recorder.LogProbabilities.Take(tokens.Length)]);
    }
}
