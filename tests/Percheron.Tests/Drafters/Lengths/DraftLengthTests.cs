using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Drafters.Lengths;
using Percheron.Models;
using Percheron.Planning;
using Percheron.Testing;
using Percheron.Verifiers;
using Xunit;

namespace Percheron.Tests.Drafters.Lengths;

/// <summary>Each policy stops where its source says, with chains and trees, and what it stops behind is still proposed.</summary>
public class DraftLengthTests
{
    private static readonly double[] Sure = [0.98, 0.01, 0.01], Doubtful = [0.4, 0.3, 0.3], Coin = [0.5, 0.5 - 1e-9, 1e-9];

    [Theory]
    [InlineData(0f)]
    [InlineData(1f)]
    public void Laws_decide_before_a_token_is_drawn_and_its_row_is_still_proposed(float temperature)
    {
        Assert.Equal(3, Levels(new FixedLength(3), temperature, Doubtful));
        Assert.Equal(8, Levels(new FixedLength(20), temperature, Doubtful));
        Assert.Equal(3, Levels(new ConfidenceLength(0.5), temperature, Sure, Sure, Doubtful));
        Assert.Equal(8, Levels(new ConfidenceLength(0.39), temperature, Sure, Sure, Doubtful));
        // The entropy of a coin is ln 2, its root 0.8326.
        Assert.Equal(2, Levels(new SvipLength(0.83), temperature, Sure, Coin));
        Assert.Equal(8, Levels(new SvipLength(0.84), temperature, Sure, Coin));
        // 1 − √(κ·ln 2) is the threshold 0.3 at κ = 0.707.
        Assert.Equal(2, Levels(new AdaEdlLength(kappa: 0.72), temperature, Sure, Coin));
        Assert.Equal(8, Levels(new AdaEdlLength(kappa: 0.69), temperature, Sure, Coin));
        Assert.Equal(5, Levels(new HeuristicLength(5), temperature, Doubtful));
        // At a rate of 0.7: 1.7 / 1.2, 2.19 / 1.4, 2.533 / 1.6 = 1.583, 2.773 / 1.8 = 1.541.
        Assert.Equal(3, Levels(new AcceptanceLength(0.2), temperature, Doubtful));
    }

    [Fact]
    public void A_doubtful_branch_ends_and_the_others_go_on()
    {
        // Two children at the root, then laws by level: all of level 2 is doubtful, so three levels at most.
        TokenTree tree = Draft(new ModelDrafter(new Scripted(Coin, Sure, Doubtful), depth: 6, width: 2, length: new ConfidenceLength(0.45)), 1);
        Assert.Equal(3, Enumerable.Range(1, tree.Count - 1).Max(tree.Depth));
        Assert.Equal([2, 4, 4], Enumerable.Range(1, 3).Select(d => Enumerable.Range(1, tree.Count - 1).Count(n => tree.Depth(n) == d)));
    }

    [Fact]
    public void The_heuristic_adds_two_after_full_acceptance_and_takes_one_else()
    {
        Assert.Equal([3, 5, 7, 9, 11], Offered(new HeuristicLength(3), Toy.Draft(noise: 0), 5));
        var decoder = NewDecoder(new HeuristicLength(3), Toy.Draft());
        var sequence = new Sequence([1, 2, 3], Toy.Options(1, tokens: 10_000));
        for (long i = 0, expected = 3, offered = 0, accepted = 0; i < 60; i++)
        {
            decoder.Step([sequence]);
            (offered, accepted) = (decoder.Statistics.Offered - offered, decoder.Statistics.Accepted - accepted);
            Assert.Equal(expected, offered);
            expected = accepted == offered ? expected + 2 : Math.Max(1, expected - 1);
            (offered, accepted) = (decoder.Statistics.Offered, decoder.Statistics.Accepted);
        }
    }

    [Fact]
    public void A_budget_that_cuts_a_draft_short_does_not_teach_the_heuristic_to_draft_more() =>
        Assert.Equal([2, 2, 2, 2], Offered(new HeuristicLength(3), Toy.Draft(noise: 0), 4, budget: 2));

    [Fact]
    public void Acceptance_decides_how_deep()
    {
        Assert.InRange(Offered(new AcceptanceLength(0.1), Toy.Draft(noise: 0), 40)[^1], 10, 32);
        Assert.Equal(1, Offered(new AcceptanceLength(0.1), new ToyModel(Toy.Vocab, seed: 99), 40)[^1]);
    }

    [Fact]
    public void The_entropy_bound_tightens_while_drafts_are_refused_and_loosens_while_they_are_accepted()
    {
        // Laws of a toy are doubtful everywhere: what changes is the threshold.
        double bad = Offered(new AdaEdlLength(kappa: 0.1), new ToyModel(Toy.Vocab, seed: 99), 240)[200..].Average();
        double good = Offered(new AdaEdlLength(kappa: 0.1), Toy.Draft(noise: 0), 240)[200..].Average();
        Assert.True(bad < 3 && good > 20, $"{bad} and {good}");
    }

    [Theory]
    [InlineData(typeof(HeuristicLength))]
    [InlineData(typeof(AdaEdlLength))]
    [InlineData(typeof(AcceptanceLength))]
    public void A_policy_that_learns_keeps_sequences_apart(Type type)
    {
        // What one sequence offers does not change with a neighbour in the batch.
        DraftLength Make() => (DraftLength)Activator.CreateInstance(type, [.. type.GetConstructors()[0].GetParameters().Select(p => p.DefaultValue)])!;
        Sequence alone = new([1, 2, 3], Toy.Options(1)), first = new([1, 2, 3], Toy.Options(1)), second = new([7], Toy.Options(1, seed: 8));
        NewDecoder(Make(), Toy.Draft()).Run(alone);
        NewDecoder(Make(), Toy.Draft()).Run(second, first);
        Assert.Equal((alone.Statistics.Offered, alone.Statistics.Steps), (first.Statistics.Offered, first.Statistics.Steps));
    }

    [Fact]
    public void Other_drafters_take_the_same_policies() =>
        Toy.SaysWhatPlainDecodingSays(target => new SelfDrafter(target, skip: 1, width: 2, length: new SvipLength(1)));

    [Fact]
    public void Senseless_options_are_refused()
    {
        Assert.ThrowsAny<ArgumentException>(() => new FixedLength(0));
        Assert.ThrowsAny<ArgumentException>(() => new ConfidenceLength(1.1));
        Assert.ThrowsAny<ArgumentException>(() => new SvipLength(double.NaN));
        Assert.ThrowsAny<ArgumentException>(() => new AdaEdlLength(aim: -1));
        Assert.ThrowsAny<ArgumentException>(() => new AdaEdlLength(kappa: -1));
        Assert.ThrowsAny<ArgumentException>(() => new HeuristicLength(0));
        Assert.ThrowsAny<ArgumentException>(() => new AcceptanceLength(0));
    }

    private static int Levels(DraftLength length, float temperature, params double[][] laws) =>
        Draft(new ModelDrafter(new Scripted(laws), depth: 8, length: length), temperature).Candidates;

    private static TokenTree Draft(ModelDrafter drafter, float temperature)
    {
        var sequence = new Sequence([0], Toy.Options(temperature) with { Random = new SeededRandom(1) });
        var tree = new TokenTree();
        tree.Reset(0, 0, 64);
        drafter.Draft([new DraftSlot(sequence, tree)]);
        return tree;
    }

    private static int[] Offered(DraftLength length, IModel draft, int steps, int budget = 64)
    {
        var decoder = NewDecoder(length, draft, budget);
        var sequence = new Sequence([1, 2, 3], Toy.Options(1, tokens: 10_000));
        var offered = new List<int>();
        for (int i = 0; i < steps; i++)
        {
            long before = decoder.Statistics.Offered;
            decoder.Step([sequence]);
            offered.Add((int)(decoder.Statistics.Offered - before));
        }
        return [.. offered];
    }

    private static Decoder NewDecoder(DraftLength length, IModel draft, int budget = 64) =>
        new(Toy.Target(), new ModelDrafter(draft, length: length), new Coupled(), new DecoderOptions { Budget = new FixedBudget(budget) });
}
