using Percheron.Decoding;
using Percheron.Planning;
using Percheron.Verifiers;

namespace Percheron.Testing;

/// <summary>
/// What a caller may ask for besides a text holds on every path: stop sequences that drafts run across, biases, penalties that see the drafted path, log-probabilities of what was
/// committed, several texts of one prompt.
/// </summary>
public static class OptionCheck
{
    private const int Length = 24;

    private static readonly int[] Prompt = [3, 1, 4, 1, 5, 9, 2, 6];

    private static readonly SamplingSettings Biased = new()
    {
        Temperature = 0, RepeatPenalty = 1.3f, FrequencyPenalty = 0.3f, PresencePenalty = 0.2f, PenaltyWindow = 6, LogitBias = [new(3, 2), new(5, float.NegativeInfinity), new(9, -1)],
    };

    /// <summary>Checks a pair.</summary>
    public static IReadOnlyList<Finding> Run(Pair pair) =>
    [
        Finding.Of("options, stop sequences", () => Stopped(pair)), Finding.Of("options, biases and penalties", () => Bias(pair)),
        Finding.Of("options, log-probabilities", () => Logged(pair)), Finding.Of("options, several texts", () => Several(pair)),
    ];

    // Two tokens that may fall into two steps, or anywhere into one.
    private static string? Stopped(Pair pair)
    {
        int[] plain = Text(null, SamplingSettings.Greedy);
        bool lossless = IsLossless(pair);
        for (int at = 1; at < plain.Length; at += 2)
        {
            var stop = new Pattern(plain[at - 1], plain[at]);
            int end = Enumerable.Range(1, at).First(i => plain[i - 1] == plain[at - 1] && plain[i] == plain[at]) - 1;
            Sequence sequence = New(SamplingSettings.Greedy, stop);
            Run(pair, sequence);
            int[] output = sequence.Output.ToArray();
            for (int i = 1; i < output.Length; i++)
                if (output[i - 1] == stop.First && output[i] == stop.Second) return $"{Show(output)} holds the stop sequence {stop.First} {stop.Second}";
            if (lossless && (!output.AsSpan().SequenceEqual(plain.AsSpan(0, end)) || sequence.Finish != FinishReason.Stop)) return $"{Show(output)} ({sequence.Finish}), not {Show(plain[..end])}";
        }
        return null;
    }

    private static string? Bias(Pair pair)
    {
        int[] plain = Text(null, Biased), output = Text(pair, Biased);
        if (output.Contains(5)) return $"{Show(output)} holds token 5, which is forbidden";
        return IsLossless(pair) && !plain.AsSpan().SequenceEqual(output) ? $"{Show(output)}, not {Show(plain)}" : null;
    }

    // The target's own logits at the node before each committed token are those of the text before it, whatever stood beside it.
    private static string? Logged(Pair pair)
    {
        foreach (SamplingSettings sampling in (SamplingSettings[])[SamplingSettings.Greedy, SamplingSettings.Plain])
        {
            ToyHost host = pair.NewHost(NewToy(), 1.5f);
            var recorder = new Recorder();
            Decoder decoder = pair.NewDecoder(host, new DecoderOptions { Budget = new FixedBudget(7), Observer = recorder });
            Sequence sequence = New(sampling);
            decoder.Run(sequence);
            float[] logits = new float[host.Target.Vocab];
            for (int i = 0; i < sequence.Output.Length; i++)
            {
                int[] newestFirst = sequence.Tokens[..(sequence.PromptLength + i)].ToArray();
                Array.Reverse(newestFirst);
                host.Target.Logits(newestFirst, logits);
                if (recorder.Noted.Count <= i || recorder.Noted[i] != (sequence.Output[i], logits[sequence.Output[i]]))
                    return $"temperature {sampling.Temperature}, output token {i}: not the target's own logit of the committed token";
            }
        }
        return null;
    }

    private static string? Several(Pair pair)
    {
        if (!IsLossless(pair)) return null;
        bool shares = pair.NewVerifier(pair.NewHost(NewToy(), 1.5f)).SharesNoise;
        SamplingSettings sampling = shares ? SamplingSettings.Plain : SamplingSettings.Greedy;
        Sequence first = New(sampling);
        Sequence[] together = [first, first.Another(1), first.Another(2)];
        Run(pair, together);
        for (int i = 0; i < together.Length; i++)
        {
            var alone = new Sequence(Prompt, together[i].Options);
            new Decoder(NewToy(), new NoDraft(), new Coupled()).Run(alone);
            if (!alone.Output.SequenceEqual(together[i].Output)) return $"text {i}: {Show(together[i].Output)}, not {Show(alone.Output)}";
        }
        return null;
    }

    private static int[] Text(Pair? pair, SamplingSettings sampling)
    {
        Sequence sequence = New(sampling);
        if (pair is null) new Decoder(NewToy(), new NoDraft(), new Coupled()).Run(sequence);
        else Run(pair, sequence);
        return sequence.Output.ToArray();
    }

    private static void Run(Pair pair, params Sequence[] batch) => pair.NewDecoder(pair.NewHost(NewToy(), 1.5f), new DecoderOptions { Budget = new FixedBudget(7) }).Run(batch);

    private static bool IsLossless(Pair pair) => pair.NewVerifier(pair.NewHost(NewToy(), 1.5f)).IsLossless;

    private static Sequence New(SamplingSettings sampling, IStopCondition? stop = null) =>
        new(Prompt, new SequenceOptions { Sampling = sampling, MaxTokens = Length, Seed = 20, Stops = stop is null ? [] : [stop] });

    private static ToyModel NewToy() => new(vocab: 12, order: 3, seed: 7, sharpness: 6);

    private static string Show(ReadOnlySpan<int> tokens) => string.Join(' ', tokens.ToArray());

    private sealed class Pattern(int first, int second) : IStopCondition
    {
        public int First { get; } = first;

        public int Second { get; } = second;

        public int Cut(ReadOnlySpan<int> tokens, int from)
        {
            for (int i = Math.Max(from, Prompt.Length + 1); i < tokens.Length; i++)
                if (tokens[i - 1] == First && tokens[i] == Second) return i - 1;
            return -1;
        }
    }

    private sealed class Recorder : IStepObserver
    {
        public List<(int Token, float Logit)> Noted { get; } = [];

        public void Observe(in Step step)
        {
            if (!step.Acceptance.HasNext) return;
            int node = 0;
            foreach (int accepted in step.Acceptance.Path)
            {
                Note(step, node, step.Tree.Token(accepted));
                node = accepted;
            }
            Note(step, node, step.Acceptance.Next);
        }

        private void Note(in Step step, int node, int token) => Noted.Add((token, step.Logits(node)[token]));
    }
}
