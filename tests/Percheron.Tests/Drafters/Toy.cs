using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Planning;
using Percheron.Testing;
using Percheron.Verifiers;
using Xunit;

namespace Percheron.Tests.Drafters;

/// <summary>Toy models and the checks every drafter has to pass, whatever it guesses.</summary>
internal static class Toy
{
    public const int Vocab = 12;

    public static readonly int[][] Prompts = [[1, 2, 3, 4, 5], [3, 1, 4, 1, 5, 9, 2, 6], [0], [7, 7, 7, 7], [11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]];

    public static ToyModel Target(int context = 1 << 20) => new(Vocab) { ContextLength = context };

    public static ToyModel Draft(float noise = 1.5f, int context = 1 << 20) => new(Vocab) { Noise = noise, ContextLength = context };

    public static SequenceOptions Options(float temperature, int tokens = 60, ulong seed = 1) => new()
    {
        MaxTokens = tokens,
        Seed = seed,
        Sampling = temperature == 0 ? SamplingSettings.Greedy : SamplingSettings.Plain with { Temperature = temperature },
    };

    public static Sequence[] Sequences(float temperature, int tokens = 60) => [.. Prompts.Select((p, i) => new Sequence(p, Options(temperature, tokens, (ulong)i)))];

    public static int[][] Plain(float temperature, int tokens = 60, int context = 1 << 20)
    {
        Sequence[] sequences = Sequences(temperature, tokens);
        new Decoder(Target(context), new Percheron.Drafters.NoneDrafter(), new Coupled()).Run(sequences);
        return [.. sequences.Select(s => s.Tokens.ToArray())];
    }

    /// <summary>A shape with the options it has without any.</summary>
    public static TreeShape Shape(Type type) => (TreeShape)Activator.CreateInstance(type)!;

    /// <summary>Accepted length of a batch of all prompts.</summary>
    public static double AcceptedLength(Drafter drafter, float temperature, int budget = 64, int tokens = 60, Verifier? verifier = null)
    {
        var decoder = new Decoder(Target(), drafter, verifier ?? new Coupled(), new DecoderOptions { Budget = new FixedBudget(budget) });
        decoder.Run(Sequences(temperature, tokens));
        return Math.Round(decoder.Statistics.AcceptedLength, 2);
    }

    /// <summary>
    /// The text of plain decoding whatever happens: any budget, alone and in a batch of different lengths, prompts in chunks, preemption, the end of the context.
    /// </summary>
    public static void SaysWhatPlainDecodingSays(Func<Drafter> make) => SaysWhatPlainDecodingSays(_ => make());

    /// <summary>The same for a drafter that is made for its target.</summary>
    public static void SaysWhatPlainDecodingSays(Func<ToyModel, Drafter> make)
    {
        foreach (float temperature in new[] { 0f, 1f })
        {
            int[][] plain = Plain(temperature);
            foreach (int budget in new[] { 0, 1, 2, 3, 7, 64 }) Compare(plain, temperature, make, new DecoderOptions { Budget = new FixedBudget(budget) });
            Compare(plain, temperature, make, new DecoderOptions { ChunkRows = 2 });
            Compare(plain, temperature, make, new DecoderOptions { ChunkRows = 3 }, preemptEvery: 30);
            Compare(plain, temperature, make, new DecoderOptions(), preemptEvery: 2);
            Compare(plain, temperature, make, new DecoderOptions(), alone: true);
            Compare(Plain(temperature, context: 40), temperature, make, new DecoderOptions(), context: 40);
        }
    }

    /// <summary>No managed allocation in steady state; what grows with the text may double in some rounds, but not in all.</summary>
    public static void AllocatesNothing(Drafter drafter, float temperature) => AllocatesNothing(_ => drafter, temperature);

    /// <summary>The same for a drafter that is made for its target.</summary>
    public static void AllocatesNothing(Func<ToyModel, Drafter> make, float temperature)
    {
        Sequence[] sequences = [.. Prompts.Select((p, i) => new Sequence(p, Options(temperature, 100_000, (ulong)i)))];
        ToyModel target = Target();
        var decoder = new Decoder(target, make(target), new Coupled());
        for (int i = 0; i < 200; i++) decoder.Step(sequences);
        long least = long.MaxValue;
        for (int round = 0; round < 40; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 5; i++) decoder.Step(sequences);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        Assert.All(sequences, s => Assert.False(s.Done));
        Assert.Equal(0, least);
    }

    private static void Compare(int[][] plain, float temperature, Func<ToyModel, Drafter> make, DecoderOptions options, int preemptEvery = 0, bool alone = false, int context = 1 << 20)
    {
        Sequence[] sequences = Sequences(temperature);
        ToyModel target = Target(context);
        var decoder = new Decoder(target, make(target), new Coupled(), options);
        if (alone) foreach (Sequence sequence in sequences) decoder.Run(sequence);
        for (int step = 1; sequences.Any(s => !s.Done); step++)
        {
            Assert.True(step < 1000, "it goes on for ever");
            decoder.Step(sequences);
            if (preemptEvery > 0 && step % preemptEvery == 0) foreach (Sequence s in sequences.Where(s => !s.Done)) decoder.Preempt(s);
        }
        for (int i = 0; i < sequences.Length; i++) Assert.Equal(plain[i], sequences[i].Tokens.ToArray());
    }
}
