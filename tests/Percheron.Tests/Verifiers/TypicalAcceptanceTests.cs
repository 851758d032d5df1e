using Percheron.Decoding;
using Percheron.Verifiers;
using Xunit;

namespace Percheron.Tests.Verifiers;

public class TypicalAcceptanceTests
{
    // H = 1.0947: the threshold is min(0.3, 0.09·e^−H) = 0.0301.
    private static readonly double[] Spread = [0.5, 0.3, 0.18, 0.02];

    [Fact]
    public void It_says_that_it_is_lossy() => Assert.False(new TypicalAcceptance().IsLossless);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(3, 0)]
    public void A_token_is_accepted_by_its_probability_and_the_entropy(int token, int accepted)
    {
        var step = new OneStep(4, _ => Spread);
        step.Law((tree, _) => tree.Add(0, token), new TypicalAcceptance(), 1);
        Assert.Equal(accepted, step.Accepted, 1e-9);
    }

    [Fact]
    public void The_longest_path_wins_and_among_equals_the_most_probable()
    {
        var step = new OneStep(4, _ => Spread);
        var sequence = new Sequence([0], new SequenceOptions { Random = new SeededRandom(1) });
        TokenTree tree = step.Tree;
        tree.Reset(0, 0, 64);
        int a = tree.Add(0, 0), b = tree.Add(0, 2), ba = tree.Add(b, 1);
        tree.Add(b, 2);
        int c = tree.Add(0, 1), ca = tree.Add(c, 1);
        tree.Add(tree.Add(a, 3), 0);                        // behind a token that is not typical
        tree.Add(ba, 0, probe: true);
        Assert.Equal([c, ca], new TypicalAcceptance().Verify(tree, step, sequence).Path.ToArray());
    }

    [Fact]
    public void The_law_is_not_the_targets()
    {
        var step = new OneStep(4, _ => Spread);
        double[] law = step.Law((tree, _) => tree.Add(0, 2), new TypicalAcceptance(), 1);
        Assert.True(LawAssert.TotalVariation(step.Own(1), law) > 0.5);
    }

    [Fact]
    public void At_temperature_0_it_is_exact_match()
    {
        var step = new OneStep(4, _ => [0, 1, 0, 0]);
        LawAssert.Equal(step.Own(2), step.Law((tree, _) => { tree.Add(0, 0); tree.Add(tree.Add(0, 1), 2); }, new TypicalAcceptance(), 2));
        Assert.Equal(1, step.Accepted);
    }

    [Fact]
    public void Thresholds_are_positive() => Assert.Throws<ArgumentOutOfRangeException>(() => new TypicalAcceptance(epsilon: 0));
}
