using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Models;
using Percheron.Planning;
using Percheron.Testing;
using Percheron.Verifiers;
using Xunit;

namespace Percheron.Tests.Drafters;

public class AheadDrafterTests
{
    /// <summary>Hands on to another drafter and notes which threads it was asked on.</summary>
    private sealed class Watched(Drafter inner, int failAt = int.MaxValue, int feature = -1) : Drafter
    {
        public List<Thread> Threads { get; } = [];

        public override FeatureSet Features => feature < 0 ? FeatureSet.None : new FeatureSet(feature);

        public override void Draft(ReadOnlySpan<DraftSlot> batch)
        {
            Threads.Add(Thread.CurrentThread);
            if (Threads.Count >= failAt) throw new InvalidOperationException("the draft is broken");
            inner.Draft(batch);
        }

        public override void Observe(in Step step) => inner.Observe(step);

        public override void Release(Sequence sequence) => inner.Release(sequence);
    }

    [Fact]
    public void Says_what_plain_decoding_says()
    {
        Toy.SaysWhatPlainDecodingSays(() => new AheadDrafter(new ModelDrafter(Toy.Draft(), depth: 3, confidence: 0)));
        Toy.SaysWhatPlainDecodingSays(() => new FallbackDrafter(new NgramDrafter(max: 4, min: 3), new AheadDrafter(new ModelDrafter(Toy.Draft(), depth: 4, width: 2))));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_perfect_draft_is_never_waited_for(float temperature)
    {
        ToyModel draft = Toy.Draft(noise: 0);
        Watched inner = new(new ModelDrafter(draft, depth: 4, confidence: 0));
        var decoder = new Decoder(Toy.Target(), new AheadDrafter(inner), new Coupled(), new DecoderOptions { Budget = new FixedBudget(4) });
        Sequence sequence = new([1, 2, 3], Toy.Options(temperature, tokens: 400));
        for (int i = 0; i < 50; i++) decoder.Step([sequence]);
        Assert.Equal((50, 5 + (49 * 4)), (decoder.Statistics.Steps, decoder.Statistics.Committed));
        decoder.Release(sequence);
        // Once in the caller's place, then always beside the target; four are drafted ahead, of which the first is the target's own token.
        Thread side = Assert.Single(inner.Threads.Skip(1).Distinct());
        Assert.Equal((Thread.CurrentThread, 51), (inner.Threads[0], inner.Threads.Count));
        Assert.NotEqual(Thread.CurrentThread, side);
        Assert.False(side.IsAlive);
        // No row of the draft twice: the prompt, then one row for each token it has drafted or read.
        Assert.InRange(draft.Evaluated, sequence.Count - 1, sequence.Count + 8);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void What_is_proposed_does_not_depend_on_which_thread_is_faster(float temperature)
    {
        static (long, long, string) Run(float temperature)
        {
            var decoder = new Decoder(Toy.Target(), new AheadDrafter(new ModelDrafter(Toy.Draft(), depth: 3, width: 2)), new SpeculativeSampling());
            Sequence[] batch = Toy.Sequences(temperature);
            decoder.Run(batch);
            return (decoder.Statistics.Offered, decoder.Statistics.Accepted, string.Join('|', batch.Select(s => string.Join(' ', s.Tokens.ToArray()))));
        }
        (long, long, string) first = Run(temperature);
        for (int i = 0; i < 5; i++) Assert.Equal(first, Run(temperature));
    }

    // One node in a step and two ahead: every accepted candidate may be followed by a proposal that was there before.
    [Theory]
    [InlineData("speculative-sampling", 1, 2)]
    [InlineData("block", 1, 2)]
    [InlineData("coupled", 1, 2)]
    [InlineData("speculative-sampling", 2, 2)]
    public void The_law_is_the_targets_when_forecasts_are_used(string verifier, int width, int vocab)
    {
        const int length = 3;
        ToyModel target = new(vocab, order: 2, seed: 3, sharpness: 4), draft = new(vocab, order: 2, seed: 3, sharpness: 4) { Noise = 2 };
        var asked = new Counting();
        LoopLaw law = Percheron.Testing.ExactLaw.OfLoop(
            () => new Decoder(target, new AheadDrafter(new ModelDrafter(draft, depth: 2, width, confidence: 0)), new Catalog().Verifier(verifier, new Host()), new DecoderOptions { Budget = new FixedBudget(width), Observer = asked }),
            [1, 0, 0, 1, 1], length, SamplingSettings.Plain, maxRuns: 400_000);
        Assert.Equal(1, law.Mass, 9);
        Assert.InRange(law.Distance(Percheron.Testing.ExactLaw.OfTarget(target, [1, 0, 0, 1, 1], length, SamplingSettings.Plain)), 0, 1e-6);
        Assert.True(asked.Accepted > 0);
    }

    // Accepted candidates of later steps that stand on forecasts show that the enumeration reaches them.
    private sealed class Counting : IStepObserver
    {
        public int Accepted { get; private set; }

        public void Observe(in Step step)
        {
            if (step.Tree.RootPosition > 4) Accepted += step.Acceptance.Path.Length;
        }
    }

    [Fact]
    public void A_step_allocates_nothing() => Toy.AllocatesNothing(new AheadDrafter(new ModelDrafter(Toy.Draft(), depth: 3)), 1);

    [Fact]
    public void Nor_does_the_thread_beside_it()
    {
        Metered inner = new(new ModelDrafter(Toy.Draft(), depth: 3, confidence: 0));
        var decoder = new Decoder(Toy.Target(), new AheadDrafter(inner), new Coupled());
        Sequence sequence = new([1, 2, 3], Toy.Options(1, tokens: 100_000));
        for (int i = 0; i < 400; i++) decoder.Step([sequence]);
        decoder.Release(sequence);
        int quiet = 0, longest = 0;
        for (int i = 1; i < inner.Calls; i++)
        {
            quiet = inner.Bytes[i] == inner.Bytes[i - 1] ? quiet + 1 : 0;
            longest = Math.Max(longest, quiet);
        }
        // Buffers that hold a whole sequence double now and then.
        Assert.True(longest >= 32, $"of {inner.Calls} drafts no more than {longest} in a row allocated nothing");
    }

    /// <summary>Notes what the thread beside the target had allocated each time it was asked.</summary>
    private sealed class Metered(Drafter inner) : Drafter
    {
        private readonly int _owner = Environment.CurrentManagedThreadId;

        public long[] Bytes { get; } = new long[1000];

        public int Calls { get; private set; }

        public override void Draft(ReadOnlySpan<DraftSlot> batch)
        {
            if (Environment.CurrentManagedThreadId != _owner) Bytes[Calls++] = GC.GetAllocatedBytesForCurrentThread();
            inner.Draft(batch);
        }

        public override void Observe(in Step step) => inner.Observe(step);

        public override void Release(Sequence sequence) => inner.Release(sequence);
    }

    [Fact]
    public void No_thread_is_left_when_sequences_end_or_are_preempted()
    {
        Watched inner = new(new ModelDrafter(Toy.Draft(), depth: 2));
        AheadDrafter ahead = new(inner);
        var decoder = new Decoder(Toy.Target(), ahead, new Coupled());
        Sequence[] batch = Toy.Sequences(1);
        decoder.Step(batch);
        foreach (Sequence s in batch) decoder.Preempt(s);
        Assert.All(inner.Threads.Where(t => t != Thread.CurrentThread), t => Assert.False(t.IsAlive));
        decoder.Run(batch);
        Assert.True(inner.Threads.Distinct().Count() >= 3);
        Assert.All(inner.Threads.Where(t => t != Thread.CurrentThread), t => Assert.False(t.IsAlive));
    }

    [Fact]
    public void What_goes_wrong_beside_the_target_is_told_at_the_next_step()
    {
        var decoder = new Decoder(Toy.Target(), new AheadDrafter(new Watched(new ModelDrafter(Toy.Draft()), failAt: 2)), new Coupled());
        Sequence sequence = new([1, 2, 3], Toy.Options(1));
        decoder.Step([sequence]);
        Assert.Equal("the draft is broken", Assert.Throws<InvalidOperationException>(() => decoder.Step([sequence])).Message);
        decoder.Release(sequence);
    }

    [Fact]
    public void Says_what_cannot_run_beside_the_target()
    {
        Assert.Contains("hidden states", Assert.Throws<ArgumentException>(() => new AheadDrafter(new Watched(new NoneDrafter(), feature: 1))).Message, StringComparison.Ordinal);
        var decoder = new Decoder(Toy.Target(), new AheadDrafter(new SelfDrafter(Toy.Target())), new Coupled());
        Assert.Contains("beside the target", Assert.Throws<ArgumentException>(() => decoder.Step([new Sequence([1, 2, 3], Toy.Options(1))])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_host_supplies_its_models_apart()
    {
        Host host = new();
        new Catalog().Drafter("fallback(model, ahead(fallback(ngram, model)))", host);
        Assert.Equal(["shared", "beside"], host.Asked);
    }

    private sealed class Host : ISpecHost
    {
        private string _name = "shared";

        public List<string> Asked { get; init; } = [];

        public ISpecHost Beside => new Host { Asked = Asked, _name = "beside" };

        public object? Supply(Type type, string parameter, string? file)
        {
            if (type != typeof(IModel)) return null;
            Asked.Add(_name);
            return Toy.Draft();
        }
    }
}
