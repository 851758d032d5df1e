using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Planning;
using Percheron.Testing;
using Percheron.Verifiers;
using Xunit;

namespace Percheron.Tests.Drafters;

public class SjdDrafterTests
{
    [Theory]
    [InlineData(WindowFill.Repeat, 1)]
    [InlineData(WindowFill.Random, 1)]
    [InlineData(WindowFill.Left, 1)]
    [InlineData(WindowFill.Above, 0.3)]
    public void It_never_changes_the_text(WindowFill init, double keep) => Toy.SaysWhatPlainDecodingSays(() => new SjdDrafter(init: init, width: 5, keep: keep));

    [Theory]
    [InlineData(WindowFill.Repeat)]
    [InlineData(WindowFill.Random)]
    public void Steady_steps_allocate_nothing(WindowFill init) => Toy.AllocatesNothing(new SjdDrafter(init: init), 1);

    [Theory]
    [InlineData(0f)]
    [InlineData(1f)]
    public void A_place_whose_law_has_settled_keeps_its_token(float temperature)
    {
        (int first, int second) = JacobiDrafterTests.Accepted(new SjdDrafter(5), temperature);
        Assert.InRange(second, 5 - first, 5);
    }

    // Tokens kept are fixed ones: exact under ratio rules, too, whatever the threshold.
    [Theory]
    [InlineData(0.0)]
    [InlineData(0.5)]
    public void Drafts_that_are_kept_leave_the_law(double keep)
    {
        Assert.InRange(ExactLaw.Distance(() => new SjdDrafter(2, keep: keep)), 0, 1e-6);
        Assert.InRange(ExactLaw.Distance(() => new SjdDrafter(2, keep: keep), verifier: new Block()), 0, 1e-6);
    }

    [Fact]
    public void A_random_fill_leaves_the_law() => Assert.InRange(ExactLaw.Distance(() => new SjdDrafter(2, WindowFill.Random)), 0, 1e-6);

    [Theory]
    [InlineData(WindowFill.Repeat, "4 4 4 4 4")]
    [InlineData(WindowFill.Left, "2 2 2 2 2")]
    [InlineData(WindowFill.Above, "2 3 4 2 3")]
    public void Fills_are_neighbours_on_the_grid(WindowFill init, string expected)
    {
        // The grid, 3 wide, begins with the output: 2 3 4.
        var sequence = new Sequence([9, 8]);
        foreach (int token in (int[])[2, 3, 4]) sequence.Append(token);
        var tree = new TokenTree();
        tree.Reset(4, 4, 5);
        new SjdDrafter(5, init, 3).Draft([new DraftSlot(sequence, tree)]);
        Assert.Equal(expected, string.Join(' ', ProposalOf.FirstPath(tree)));
    }

    [Theory]
    [InlineData(WindowFill.Repeat)]
    [InlineData(WindowFill.Random)]
    [InlineData(WindowFill.Above)]
    public void What_may_not_stand_in_a_place_is_not_drafted(WindowFill init)
    {
        var ranges = new TokenRanges([(4, 4), (8, 4)]);
        var watch = new Watch();
        foreach (string verifier in (string[])["coupled", "speculative-sampling"])
        {
            var sequence = new Sequence([1, 2], new SequenceOptions { Constraint = ranges, MaxTokens = 40, Seed = 3, Sampling = SamplingSettings.Plain });
            new Decoder(Toy.Target(), new SjdDrafter(6, init, 2), new Catalog().Verifier(verifier, new ToyHost(Toy.Target(), 1)), new DecoderOptions { Budget = new FixedBudget(6), Observer = watch }).Run(sequence);
        }
        Assert.True(watch.Seen > 100);
    }

    // With the target's own law for every place a wide window is accepted in full.
    [Fact]
    public void A_window_may_be_wide()
    {
        Assert.True(Toy.AcceptedLength(new SjdDrafter(1024), 0, budget: 1024) > 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => new SjdDrafter(1025));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SjdDrafter(width: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SjdDrafter(keep: 1.5));
    }

    // Two ranges of four in turn: every node of a window stands in the right one.
    private sealed class Watch : IStepObserver
    {
        public int Seen { get; private set; }

        public void Observe(in Step step)
        {
            for (int node = 1; node < step.Tree.Count; node++, Seen++)
                Assert.Equal((step.Tree.Position(node) - 2) % 2 == 0, step.Tree.Token(node) is >= 4 and < 8);
        }
    }
}
