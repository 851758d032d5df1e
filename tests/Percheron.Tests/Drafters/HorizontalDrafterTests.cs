using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Models;
using Percheron.Verifiers;
using Xunit;

namespace Percheron.Tests.Drafters;

public class HorizontalDrafterTests
{
    /// <summary>Proposes given paths, and keeps what it was asked and shown.</summary>
    private sealed class Proposer(params int[][] paths) : Drafter
    {
        public List<int[]> Asked { get; } = [];

        public List<string> Shown { get; } = [];

        public override FeatureSet Features => paths.Length == 0 ? new FeatureSet(1) : FeatureSet.None;

        protected override void Draft(Sequence sequence, TokenTree tree)
        {
            Asked.Add(sequence.Tokens.ToArray());
            foreach (int[] path in paths)
            {
                int at = 0;
                foreach (int token in path)
                    if (tree.Room > 0) at = tree.FindCandidate(at, token) is >= 0 and var child ? child : tree.Add(at, token);
            }
        }

        public override void Observe(in Step step) =>
            Shown.Add($"{string.Join(',', step.Acceptance.Path.ToArray().Select(step.Tree.Token))}:{step.Acceptance.Next} of {step.Tree.Count - 1} at {step.Sequence.Count}");
    }

    [Fact]
    public void Each_goes_on_behind_the_first_path_of_those_before_it()
    {
        Proposer first = new([1, 2], [5]), second = new([3], [4, 4]), third = new([9]);
        var tree = new TokenTree();
        tree.Reset(7, 1, 64);
        new HorizontalDrafter(first, second, third).Draft([new DraftSlot(new Sequence([6, 7], Toy.Options(0)), tree)]);
        Assert.Equal([[6, 7]], first.Asked);
        Assert.Equal([[6, 7, 1, 2]], second.Asked);
        Assert.Equal([[6, 7, 1, 2, 3]], third.Asked);
        Assert.Equal("1 12 5 123 124 1244 1239", string.Join(' ', Enumerable.Range(1, tree.Count - 1).Select(n => Path(tree, n))));
    }

    [Fact]
    public void Where_nothing_was_proposed_the_next_begins_at_the_text()
    {
        var tree = new TokenTree();
        tree.Reset(7, 1, 2);
        new HorizontalDrafter(new NoneDrafter(), new Proposer([1, 2, 3])).Draft([new DraftSlot(new Sequence([6, 7], Toy.Options(0)), tree)]);
        Assert.Equal("1 12", string.Join(' ', Enumerable.Range(1, tree.Count - 1).Select(n => Path(tree, n))));
    }

    [Fact]
    public void The_further_ones_learn_from_a_step_that_came_as_far()
    {
        int[] plain = Toy.Plain(0)[0][5..];
        int wrong = (plain[1] + 1) % 12;
        Proposer second = new([plain[2], plain[3], plain[4]]), late = new([plain[1]]);
        Step(new HorizontalDrafter(new Proposer([plain[0], plain[1]]), second));
        Assert.Equal([$"{plain[2]},{plain[3]},{plain[4]}:{plain[5]} of 3 at {5 + 6}"], second.Shown);
        Step(new HorizontalDrafter(new Proposer([plain[0], wrong]), late));
        Assert.Empty(late.Shown);
        Assert.Single(late.Asked);

        static void Step(Drafter drafter) => new Decoder(Toy.Target(), drafter, new Coupled()).Step([new Sequence(Toy.Prompts[0], Toy.Options(0))]);
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(1f)]
    public void Two_perfect_drafts_are_accepted_one_behind_the_other(float temperature)
    {
        Percheron.Testing.ToyModel first = Toy.Draft(noise: 0), second = Toy.Draft(noise: 0);
        double length = Toy.AcceptedLength(new HorizontalDrafter(new ModelDrafter(first, 2, confidence: 0), new ModelDrafter(second, 3, confidence: 0)), temperature, tokens: 60);
        Assert.Equal(6, length);
        // The second one evaluates no row of the text twice either: each of five prompts once, then what came since, the first one's draft and its own.
        Assert.InRange(second.Evaluated, 1, 5 * (11 + 60 + (10 * 3)));
    }

    [Fact]
    public void It_never_changes_the_text_and_allocates_nothing()
    {
        static Drafter Make() => new HorizontalDrafter(new ModelDrafter(Toy.Draft(), 2, 2, confidence: 0), new SuffixDrafter(), new ModelDrafter(Toy.Draft(3), 2, confidence: 0));
        Toy.SaysWhatPlainDecodingSays(Make);
        Toy.AllocatesNothing(Make(), 1);
        Toy.SaysWhatPlainDecodingSays(() => new UnionDrafter(new HorizontalDrafter(new NgramDrafter(length: 2), new LookaheadDrafter(2, 2, 2)), new HorizontalDrafter(new JacobiDrafter(2), new SjdDrafter(2))));
    }

    [Fact]
    public void Senseless_ones_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new HorizontalDrafter());
        Assert.Throws<ArgumentException>(() => new HorizontalDrafter(new NgramDrafter(), new Proposer()));
    }

    private static string Path(TokenTree tree, int node) => node == 0 ? "" : Path(tree, tree.Parent(node)) + tree.Token(node);
}
