using Percheron.Decoding;
using Percheron.Planning;
using Percheron.Testing;
using Percheron.Verifiers;
using Xunit;

namespace Percheron.Tests.Planning;

public class BackOffBudgetTests
{
    private static readonly ToyModel Target = new(12);

    /// <summary>Drafts two tokens whenever it is asked: the right ones after a given step, wrong ones before; notes at which steps it was asked.</summary>
    private sealed class LateDrafter(int[] truth, int rightFrom) : Drafter
    {
        public List<int> Asked { get; } = [];

        protected override void Draft(Sequence sequence, TokenTree tree)
        {
            Asked.Add((int)sequence.Statistics.Steps);
            int wrong = sequence.Statistics.Steps < rightFrom ? 1 : 0, at = 0;
            for (int d = 0; d < 2 && tree.Room > 0; d++) at = tree.Add(at, (truth[sequence.Count + d] + wrong) % 12);
        }
    }

    private static List<int> Asked(int rightFrom, int steps, BackOffBudget budget)
    {
        var options = new SequenceOptions { MaxTokens = 1000, Sampling = SamplingSettings.Greedy };
        var plain = new Sequence([1, 2, 3], options);
        new Decoder(Target, new LateDrafter([], 0), new Coupled(), new DecoderOptions { Budget = new FixedBudget(0) }).Run(plain);
        var drafter = new LateDrafter(plain.Tokens.ToArray(), rightFrom);
        var sequence = new Sequence([1, 2, 3], options);
        var decoder = new Decoder(Target, drafter, new Coupled(), new DecoderOptions { Budget = budget });
        for (int i = 0; i < steps; i++) decoder.Step([sequence]);
        return drafter.Asked;
    }

    [Fact]
    public void Useless_drafts_pause_for_twice_as_long_each_time()
    {
        List<int> asked = Asked(int.MaxValue, 250, new BackOffBudget(longestPause: 32));
        int[] gaps = [.. asked.Zip(asked.Skip(1), (a, b) => b - a - 1).SkipWhile(gap => gap == 0)];
        Assert.Equal([1, 2, 4, 8, 16, 32, 32, 32, 32, 32], gaps.Take(10));
    }

    [Fact]
    public void A_draft_that_becomes_useful_is_used_at_every_step_again()
    {
        List<int> asked = Asked(60, 150, new BackOffBudget());
        int first = asked.First(step => step >= 60);
        Assert.True(first < 130, "a pause ends");
        Assert.Equal(Enumerable.Range(first, 150 - first), asked.Where(step => step >= first));
    }

    [Fact]
    public void A_useful_draft_is_never_paused() =>
        Assert.Equal(Enumerable.Range(0, 100), Asked(0, 100, new BackOffBudget()));

    [Fact]
    public void Nonsense_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new BackOffBudget(nodes: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BackOffBudget(longestPause: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FixedBudget(-1));
    }
}
