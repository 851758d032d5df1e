using Percheron.Decoding;
using Percheron.Planning;
using Percheron.Verifiers;

namespace Percheron.Testing;

/// <summary>
/// Same text: whatever is drafted, however the work is cut up, and whoever else is in the batch, the text is that of plain decoding. For verifiers that share noise at every
/// temperature, for other lossless ones at temperature 0. Of lossy ones nothing is asked but that they run.
/// </summary>
public sealed class TextCheck
{
    private const int Length = 24, Vocab = 12, Order = 3, Seed = 7;
    private const float Sharpness = 6, Noise = 1.5f;

    private static readonly int[][] Prompts = [[1, 2, 3, 4, 5], [3, 1, 4, 1, 5, 9, 2, 6], [0], [7, 7, 7, 7], [11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]];

    private static readonly (string Name, SamplingSettings Sampling)[] Settings =
    [
        ("greedy", SamplingSettings.Greedy), ("temperature 1", SamplingSettings.Plain),
        ("temperature 0.8, cut and penalized", new SamplingSettings { Temperature = 0.8f, TopK = 8, TopP = 0.95f, MinP = 0.01f, RepeatPenalty = 1.1f, FrequencyPenalty = 0.1f, PenaltyWindow = 8 }),
    ];

    private readonly Pair _pair;
    private readonly bool _lossless;
    private readonly (string Name, SamplingSettings Sampling)[] _settings;
    private readonly int[] _budgets;

    private TextCheck(Pair pair)
    {
        _pair = pair;
        Verifier verifier = pair.NewVerifier(NewHost());
        _lossless = verifier.IsLossless;
        _settings = verifier.SharesNoise ? Settings : Settings[..1];
        _budgets = _lossless ? [1, 2, 3, 7, 24] : [7];
    }

    /// <summary>Checks a pair.</summary>
    public static IReadOnlyList<Finding> Run(Pair pair)
    {
        var check = new TextCheck(pair);
        return
        [
            Finding.Of("text, budgets, alone", check.Alone), Finding.Of("text, budgets, batched", check.Batched), Finding.Of("text, budget changes", check.Starved), Finding.Of("text, planned by a clock", check.Planned),
            Finding.Of("text, prompt in chunks", check.Chunked),
            Finding.Of("text, preempted", check.Preempted), Finding.Of("text, stopped", check.Stopped), Finding.Of("text, cut short", check.CutShort),
            Finding.Of("text, end of the context", check.Filled), Finding.Of("text, neighbours come and go", check.Interfered),
            Finding.Of("text, constrained", check.Constrained),
        ];
    }

    private string? Alone()
    {
        foreach ((string name, SamplingSettings sampling) in _settings)
            foreach (int budget in _budgets)
                for (int i = 0; i < Prompts.Length; i++)
                {
                    Sequence sequence = NewSequence(i, sampling);
                    NewDecoder(budget).Run(sequence);
                    if (Differs(sequence, i, sampling, $"{name}, budget {budget}, alone") is { } wrong) return wrong;
                }
        return null;
    }

    private string? Batched()
    {
        foreach ((string name, SamplingSettings sampling) in _settings)
            foreach (int budget in _budgets)
            {
                Sequence[] batch = NewBatch(sampling);
                NewDecoder(budget).Run(batch);
                if (Differ(batch, sampling, $"{name}, budget {budget}, batched") is { } wrong) return wrong;
            }
        return null;
    }

    // A drafter that is not asked for some steps, or for little, must not lose its place.
    private string? Starved()
    {
        foreach ((string name, SamplingSettings sampling) in _settings)
            foreach (int[] budgets in (int[][])[[0, 5], [3, 0, 0, 0, 1], [1, 24, 0]])
            {
                Sequence[] batch = NewBatch(sampling);
                _pair.NewDecoder(NewHost(), new DecoderOptions { Budget = new ChangingBudget(budgets) }).Run(batch);
                if (Differ(batch, sampling, $"{name}, budgets {string.Join(", ", budgets)}") is { } wrong) return wrong;
            }
        return null;
    }

    // What a planner decides hangs on times, which are never the same twice: the text must not.
    private string? Planned()
    {
        foreach ((string name, SamplingSettings sampling) in _settings)
            for (ulong clock = 1; clock <= 3; clock++)
            {
                var options = new DecoderOptions { Budget = new Planner(), Time = new WanderingClock(clock), ChunkRows = clock == 3 ? 3 : 256 };
                Sequence[] batch = NewBatch(sampling);
                _pair.NewDecoder(NewHost(), options).Run(batch);
                if (Differ(batch, sampling, $"{name}, planned, clock {clock}, batched") is { } wrong) return wrong;
                for (int i = 0; i < Prompts.Length; i++)
                {
                    Sequence alone = NewSequence(i, sampling);
                    _pair.NewDecoder(NewHost(), new DecoderOptions { Budget = new Planner(), Time = new WanderingClock(clock) }).Run(alone);
                    if (Differs(alone, i, sampling, $"{name}, planned, clock {clock}, alone") is { } differs) return differs;
                }
            }
        return null;
    }

    private string? Chunked()
    {
        foreach ((string name, SamplingSettings sampling) in _settings)
            foreach (int chunk in (int[])[1, 2, 3, 5])
            {
                Sequence[] batch = NewBatch(sampling);
                NewDecoder(7, chunk).Run(batch);
                if (Differ(batch, sampling, $"{name}, chunks of {chunk}") is { } wrong) return wrong;
            }
        return null;
    }

    private string? Preempted()
    {
        foreach ((string name, SamplingSettings sampling) in _settings)
            foreach (int every in (int[])[1, 2, 3, 5])
            {
                Sequence[] batch = NewBatch(sampling);
                Decoder decoder = NewDecoder(7);
                for (int step = 1; batch.Any(s => !s.Done); step++)
                {
                    decoder.Step(batch);
                    for (int i = 0; i < batch.Length; i++)
                        if ((step + i) % every == 0 && !batch[i].Done) decoder.Preempt(batch[i]);
                }
                if (Differ(batch, sampling, $"{name}, preempted after every {every} steps") is { } wrong) return wrong;
            }
        return null;
    }

    // Every position of the text is the first of some token, or lies behind one: the token that stands there as a stop token, and its position as a limit.
    private string? Stopped()
    {
        foreach ((string name, SamplingSettings sampling) in _settings)
            for (int i = 0; i < Prompts.Length; i++)
            {
                int[] plain = Plain(i, sampling);
                foreach (int stop in plain.Distinct())
                {
                    Sequence sequence = NewSequence(i, sampling, stop: [stop]);
                    NewDecoder(7).Run(sequence);
                    int[] expected = plain[..(Array.IndexOf(plain, stop) + 1)];
                    if (_lossless && (!sequence.Output.SequenceEqual(expected) || sequence.Finish != FinishReason.Stop))
                        return $"{name}, stop token {stop}: {Show(sequence.Output)} ({sequence.Finish}), not {Show(expected)}";
                }
            }
        return null;
    }

    private string? CutShort()
    {
        foreach ((string name, SamplingSettings sampling) in _settings)
            for (int length = 1; length <= 12; length++)
            {
                Sequence[] batch = [.. Prompts.Select((_, i) => NewSequence(i, sampling, length))];
                NewDecoder(7).Run(batch);
                for (int i = 0; i < batch.Length; i++)
                    if (batch[i].Output.Length != length || batch[i].Finish != FinishReason.Length || (_lossless && !batch[i].Output.SequenceEqual(Plain(i, sampling).AsSpan(0, length))))
                        return $"{name}, at most {length} tokens: {Show(batch[i].Output)} ({batch[i].Finish}), not {Show(Plain(i, sampling)[..length])}";
            }
        return null;
    }

    // The context ends before the text does, that of the drafts earlier still.
    private string? Filled()
    {
        const int context = 20;
        foreach ((string name, SamplingSettings sampling) in _settings)
            foreach (int draftContext in (int[])[context, 13])
            {
                var like = new ToyModel(Vocab, Order, Seed, Sharpness) { ContextLength = context };
                var host = new ToyHost(like, Noise, _pair.WrapTarget) { DraftContextLength = draftContext };
                Sequence[] batch = NewBatch(sampling);
                _pair.NewDecoder(host, new DecoderOptions { Budget = new FixedBudget(7) }).Run(batch);
                for (int i = 0; i < batch.Length; i++)
                {
                    int[] expected = Plain(i, sampling)[..Math.Min(Length, context - Prompts[i].Length)];
                    if (batch[i].Output.Length != expected.Length || (_lossless && !batch[i].Output.SequenceEqual(expected)))
                        return $"{name}, context {context}, drafts' {draftContext}, prompt {i}: {Show(batch[i].Output)}, not {Show(expected)}";
                }
            }
        return null;
    }

    // Few cache rows: the scheduler preempts and admits all the time. The neighbours have other settings, lengths and seeds.
    private string? Interfered()
    {
        foreach ((string name, SamplingSettings sampling) in _settings)
            foreach (int rows in (int[])[24, 60])
            {
                Sequence[] batch = NewBatch(sampling);
                var scheduler = new Scheduler(NewDecoder(7, chunk: 4), maxRunning: 3, maxRows: rows);
                for (int i = 0; i < batch.Length; i++)
                {
                    scheduler.Submit(new Sequence([(5 * i) % Vocab, 1, 2], new SequenceOptions { Sampling = Settings[i % _settings.Length].Sampling, MaxTokens = 3 + (7 * i), Seed = 1000 + (ulong)(rows + i) }));
                    scheduler.Submit(batch[i]);
                }
                while (scheduler.Step()) { }
                if (Differ(batch, sampling, $"{name}, scheduled within {rows} rows") is { } wrong) return wrong;
            }
        return null;
    }

    // An automaton masks the law of every node, and no stop token comes early: both hold under every rule, also a lossy one.
    private string? Constrained()
    {
        const int stop = 5, least = 8;
        foreach ((string name, SamplingSettings sampling) in _settings)
            foreach (int budget in (int[])[3, 7])
            {
                Sequence[] batch = [.. Prompts.Select((_, i) => New(i, sampling))], plain = [.. Prompts.Select((_, i) => New(i, sampling))];
                NewDecoder(budget).Run(batch);
                new Decoder(NewToy(), new NoDraft(), new Coupled()).Run(plain);
                for (int i = 0; i < batch.Length; i++)
                {
                    int[] output = batch[i].Output.ToArray();
                    if (Breaks(output)) return $"{name}, budget {budget}, prompt {i}: {Show(output)} breaks the constraint";
                    if (Array.IndexOf(output, stop) is >= 0 and < least) return $"{name}, budget {budget}, prompt {i}: {Show(output)} stops before {least} tokens";
                    if (_lossless && !plain[i].Output.SequenceEqual(output)) return $"{name}, budget {budget}, prompt {i}: {Show(output)}, not {Show(plain[i].Output)}";
                }
            }
        return null;

        static Sequence New(int prompt, SamplingSettings sampling) => new(Prompts[prompt], new SequenceOptions
        {
            Sampling = sampling, MaxTokens = Length, Seed = 20 + (ulong)prompt, StopTokens = [stop], MinTokens = least, Constraint = new ToyConstraint(),
        });

        static bool Breaks(int[] output)
        {
            var constraint = new ToyConstraint();
            int state = constraint.Start;
            foreach (int token in output)
                if ((state = constraint.Advance(state, token)) < 0) return true;
            return false;
        }
    }

    private string? Differ(Sequence[] batch, SamplingSettings sampling, string how)
    {
        for (int i = 0; i < batch.Length; i++)
            if (Differs(batch[i], i, sampling, how) is { } wrong) return wrong;
        return null;
    }

    private string? Differs(Sequence sequence, int prompt, SamplingSettings sampling, string how)
    {
        int[] plain = Plain(prompt, sampling);
        if (!_lossless && sequence.Output.Length == plain.Length) return null;
        return sequence.Output.SequenceEqual(plain) ? null : $"{how}, prompt {prompt}: {Show(sequence.Output)}, not {Show(plain)}";
    }

    private static int[] Plain(int prompt, SamplingSettings sampling) => Texts.GetOrAdd((prompt, sampling), static key =>
    {
        Sequence sequence = NewSequence(key.Prompt, key.Sampling);
        new Decoder(NewToy(), new NoDraft(), new Coupled()).Run(sequence);
        return sequence.Output.ToArray();
    });

    private static readonly System.Collections.Concurrent.ConcurrentDictionary<(int Prompt, SamplingSettings Sampling), int[]> Texts = new();

    private static Sequence NewSequence(int prompt, SamplingSettings sampling, int length = Length, int[]? stop = null) =>
        new(Prompts[prompt], new SequenceOptions { Sampling = sampling, MaxTokens = length, Seed = 20 + (ulong)prompt, StopTokens = stop ?? [] });

    private static Sequence[] NewBatch(SamplingSettings sampling) => [.. Prompts.Select((_, i) => NewSequence(i, sampling))];

    private static string Show(ReadOnlySpan<int> tokens) => string.Join(' ', tokens.ToArray());

    private static ToyModel NewToy() => new(Vocab, Order, Seed, Sharpness);

    private ToyHost NewHost() => _pair.NewHost(NewToy(), Noise);

    private Decoder NewDecoder(int budget, int chunk = 256) => _pair.NewDecoder(NewHost(), new DecoderOptions { Budget = new FixedBudget(budget), ChunkRows = chunk });
}
