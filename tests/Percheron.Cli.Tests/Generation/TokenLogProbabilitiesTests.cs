using Percheron.Cli.Generation;
using Xunit;

namespace Percheron.Cli.Tests.Generation;

public class TokenLogProbabilitiesTests
{
    [Fact]
    public void Top_is_sorted_and_ties_go_to_the_lower_id()
    {
        TokenLogProbabilities of = TokenLogProbabilities.Of([1, 3, 2, 3, 0], 2, 3);
        Assert.Equal([1, 3, 2], of.Top.Select(t => t.Token));
        double total = Math.Log(Math.Exp(1) + (2 * Math.Exp(3)) + Math.Exp(2) + 1);
        Assert.Equal(2 - total, of.LogProbability, 12);
        Assert.Equal(3 - total, of.Top[0].LogProbability, 12);
    }

    [Fact]
    public void Large_logits_do_not_overflow() => Assert.Equal(0, TokenLogProbabilities.Of([1e30f, 0], 0, 0).LogProbability);

    [Fact]
    public void More_alternatives_than_tokens_are_all_tokens() => Assert.Equal([1, 0], TokenLogProbabilities.Of([1, 2], 0, 9).Top.Select(t => t.Token));
}
