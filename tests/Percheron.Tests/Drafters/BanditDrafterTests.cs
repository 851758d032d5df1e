using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Verifiers;
using Xunit;

namespace Percheron.Tests.Drafters;

public class BanditDrafterTests
{
    /// <summary>A clock that stands still unless somebody takes time.</summary>
    private sealed class Hand : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => 1_000_000;

        public override long GetTimestamp() => _now += 10;

        public void Take(double milliseconds) => _now += (long)(1000 * milliseconds);
    }

    /// <summary>Proposes what plain decoding says next, or what it does not say, and takes its time.</summary>
    private sealed class Timed(Hand clock, Func<Sequence, double> milliseconds, Func<Sequence, int> right) : Drafter
    {
        public int Asked { get; private set; }

        protected override void Draft(Sequence sequence, TokenTree tree)
        {
            Asked++;
            clock.Take(milliseconds(sequence));
            int at = 0, count = right(sequence);
            int[] text = s_texts[Array.FindIndex(Toy.Prompts, p => p.AsSpan().SequenceEqual(sequence.Tokens[..sequence.PromptLength]))];
            for (int i = 0; i < count && sequence.Count + i < text.Length; i++) at = tree.Add(at, text[sequence.Count + i]);
        }
    }

    private static readonly int[][] s_texts = Toy.Plain(0, tokens: 2000);

    [Fact]
    public void It_asks_the_one_that_wins_most_for_its_time()
    {
        var clock = new Hand();
        // 4 tokens in 2 ms, 8 in 8, 2 in 1.5, a token for each millisecond of the target's.
        Timed good = new(clock, _ => 1, _ => 3), long_ = new(clock, _ => 7, _ => 7), small = new(clock, _ => 0.5, _ => 1);
        Sequence sequence = Run(clock, 600, small, long_, good);
        Assert.Equal(s_texts[0][..sequence.Count], sequence.Tokens.ToArray());
        double asked = good.Asked + long_.Asked + small.Asked;
        Assert.True(good.Asked > 0.75 * asked, $"{good.Asked} of {asked}; {long_.Asked}, {small.Asked}");
    }

    [Fact]
    public void It_follows_a_change()
    {
        var clock = new Hand();
        Timed early = new(clock, _ => 1, s => s.Count < 500 ? 4 : 0), late = new(clock, _ => 1, s => s.Count < 500 ? 0 : 4);
        Run(clock, 100, early, late);
        Assert.True(early.Asked > 0.7 * (early.Asked + late.Asked), $"{early.Asked}, {late.Asked}");
        Timed earlyToo = new(clock, _ => 1, s => s.Count < 500 ? 4 : 0), lateToo = new(clock, _ => 1, s => s.Count < 500 ? 0 : 4);
        Run(clock, 2000, earlyToo, lateToo);
        Assert.True(lateToo.Asked > 0.55 * (earlyToo.Asked + lateToo.Asked), $"{earlyToo.Asked}, {lateToo.Asked}");
    }

    [Fact]
    public void Each_request_has_its_own()
    {
        var clock = new Hand();
        int For(Sequence s, int prompt) => s.Tokens[..s.PromptLength].SequenceEqual(Toy.Prompts[prompt]) ? 3 : 0;
        Timed first = new(clock, _ => 0.1, s => For(s, 0)), second = new(clock, _ => 0.1, s => For(s, 1));
        var bandit = new BanditDrafter(first, second);
        var decoder = NewDecoder(clock, bandit);
        Sequence[] sequences = [new Sequence(Toy.Prompts[0], Toy.Options(0, 1000)), new Sequence(Toy.Prompts[1], Toy.Options(0, 1000))];
        decoder.Run(sequences);
        // Each alone says 4 tokens a step with its own drafter, 1 with the other.
        Assert.All(sequences, s => Assert.InRange(s.Statistics.AcceptedLength, 3.2, 4));
    }

    [Fact]
    public void A_request_begins_with_what_earlier_ones_have_shown()
    {
        var clock = new Hand();
        Timed good = new(clock, _ => 1, _ => 4), bad = new(clock, _ => 1, _ => 0);
        var decoder = NewDecoder(clock, new BanditDrafter(bad, good));
        decoder.Run(new Sequence(Toy.Prompts[0], Toy.Options(0, 400)));
        int before = bad.Asked;
        decoder.Run(new Sequence(Toy.Prompts[1], Toy.Options(0, 60)));
        Assert.InRange(bad.Asked - before, 0, 2);
    }

    [Fact]
    public void Without_a_clock_rows_and_forwards_have_a_nominal_cost()
    {
        // A perfect draft of four levels wins 5 tokens for 1.5; the useless one 1 for 1.5.
        var decoder = new Decoder(Toy.Target(), new BanditDrafter(new ModelDrafter(new Percheron.Testing.ToyModel(Toy.Vocab, seed: 99), 4, confidence: 0), new ModelDrafter(Toy.Draft(noise: 0), 4, confidence: 0)), new Coupled());
        decoder.Run(new Sequence(Toy.Prompts[0], Toy.Options(1, 500)));
        Assert.InRange(decoder.Statistics.AcceptedLength, 4, 5);
    }

    [Fact]
    public void It_never_changes_the_text_and_allocates_nothing()
    {
        static Drafter Make() => new BanditDrafter(new NgramDrafter(), new LookaheadDrafter(3, 3, 2), new ModelDrafter(Toy.Draft(), 3, 2, confidence: 0), new SjdDrafter(3));
        Toy.SaysWhatPlainDecodingSays(Make);
        Toy.AllocatesNothing(Make(), 1);
        Toy.SaysWhatPlainDecodingSays(() => new UnionDrafter(new NgramDrafter(), new BanditDrafter(new NoneDrafter(), new ModelDrafter(Toy.Draft(), 3, confidence: 0))));
    }

    [Fact]
    public void Nobody_to_ask_is_an_error() => Assert.Throws<ArgumentException>(() => new BanditDrafter());

    private static Sequence Run(Hand clock, int tokens, params Drafter[] drafters)
    {
        var sequence = new Sequence(Toy.Prompts[0], Toy.Options(0, Math.Min(tokens, 2000)));
        NewDecoder(clock, new BanditDrafter(drafters)).Run(sequence);
        return sequence;
    }

    private static Decoder NewDecoder(Hand clock, Drafter drafter) =>
        new(new Taking(clock), drafter, new Coupled(), new DecoderOptions { Time = clock, Budget = new TimedBudget(null, drafter) });

    /// <summary>The target, a millisecond for each forward.</summary>
    private sealed class Taking(Hand clock) : Percheron.Models.IModel
    {
        private readonly Percheron.Testing.ToyModel _inner = Toy.Target();

        public int Vocab => _inner.Vocab;

        public int HiddenSize => _inner.HiddenSize;

        public int LayerCount => _inner.LayerCount;

        public int ContextLength => _inner.ContextLength;

        public Percheron.Models.KvCache NewCache() => _inner.NewCache();

        public void Forward(ReadOnlySpan<Percheron.Models.Rows> batch)
        {
            clock.Take(1);
            _inner.Forward(batch);
        }
    }
}
