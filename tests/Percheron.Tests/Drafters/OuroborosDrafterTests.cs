using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Testing;
using Percheron.Verifiers;
using Xunit;

namespace Percheron.Tests.Drafters;

public class OuroborosDrafterTests
{
    [Fact]
    public void It_never_changes_the_text()
    {
        Toy.SaysWhatPlainDecodingSays(() => new OuroborosDrafter(new ModelDrafter(Toy.Draft(), depth: 2)));
        Toy.SaysWhatPlainDecodingSays(() => new OuroborosDrafter(new NgramDrafter()));
    }

    [Fact]
    public void Steady_steps_allocate_nothing() => Toy.AllocatesNothing(new OuroborosDrafter(new ModelDrafter(Toy.Draft(), depth: 2)), 1);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Its_law_is_the_targets(int phrases) =>
        Assert.InRange(ExactLaw.Distance(() => new OuroborosDrafter(new ModelDrafter(ExactLaw.Draft(), depth: 1), length: 2, phrases)), 0, 1e-6);

    [Fact]
    public void Phrases_of_the_text_lengthen_the_draft()
    {
        // ngram copies 7; behind 7 stand phrases, the latest first.
        int[] text = [7, 8, 9, 4, 7, 5, 6, 3, 1, 7, 2, 2, 1];
        Assert.Equal([7, 2, 2], ProposalOf.Chain(new OuroborosDrafter(new NgramDrafter(length: 1), length: 2, phrases: 1), text));
        var tree = new TokenTree();
        tree.Reset(1, text.Length - 1, 64);
        new OuroborosDrafter(new NgramDrafter(length: 1), length: 2, phrases: 3).Draft([new DraftSlot(new Sequence(text), tree)]);
        Assert.Equal([7, 2, 2, 5, 6, 8, 9], Enumerable.Range(1, tree.Count - 1).Select(tree.Token));
        Assert.Equal([0, 1, 2, 1, 4, 1, 6], Enumerable.Range(1, tree.Count - 1).Select(tree.Parent));
    }

    [Fact]
    public void Without_a_draft_phrases_follow_the_last_token() =>
        Assert.Equal([8, 9], ProposalOf.Chain(new OuroborosDrafter(new NoneDrafter(), length: 2), [7, 8, 9, 4, 5, 7]));

    [Fact]
    public void What_the_target_answers_at_refused_candidates_becomes_a_phrase()
    {
        ToyModel target = Toy.Target();
        int Answer(params int[] newestFirst)
        {
            var logits = new float[Toy.Vocab];
            target.Logits(newestFirst, logits);
            return Sampler.ArgMax(logits);
        }

        int next = Answer(2, 1), wrong = (next + 1) % Toy.Vocab;
        var inner = new Fixed(wrong, wrong);
        var drafter = new OuroborosDrafter(inner, length: 2, phrases: 1);
        new Decoder(target, drafter, new Coupled()).Run(new Sequence([1, 2], Toy.Options(0, tokens: 1)));
        inner.Tokens = [];
        Assert.Equal([Answer(wrong, 2, 1), Answer(wrong, wrong, 2)], ProposalOf.Chain(drafter, [next]));
    }

    [Fact]
    public void It_hands_on_what_the_inner_drafter_needs()
    {
        var inner = new Recorder();
        var drafter = new OuroborosDrafter(inner);
        Assert.Same(inner, Assert.Single(drafter.Members));
        new Decoder(Toy.Target(), drafter, new Coupled()).Run(new Sequence([1, 2], Toy.Options(0, tokens: 5)));
        Assert.Equal((true, true, true, true), (inner.Drafted, inner.Verified, inner.Observed, inner.Released));
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(65, 3)]
    [InlineData(4, 0)]
    [InlineData(4, 65)]
    public void Senseless_options_are_refused(int length, int phrases) => Assert.ThrowsAny<ArgumentException>(() => new OuroborosDrafter(new NoneDrafter(), length, phrases));

    private sealed class Fixed(params int[] tokens) : Drafter
    {
        public int[] Tokens { get; set; } = tokens;

        protected override void Draft(Sequence sequence, TokenTree tree)
        {
            int at = 0;
            foreach (int token in Tokens) at = tree.Add(at, token);
        }
    }

    private sealed class Recorder : Drafter
    {
        public bool Drafted, Verified, Observed, Released;

        public override void Draft(ReadOnlySpan<DraftSlot> batch) => Drafted = true;

        public override void Verifying(ReadOnlySpan<DraftSlot> batch) => Verified = true;

        public override void Observe(in Step step) => Observed = true;

        public override void Release(Sequence sequence) => Released = true;
    }
}
