using Percheron.Evaluation.Metrics;
using Xunit;

namespace Percheron.Evaluation.Tests.Metrics;

public class PerplexityTests
{
    [Fact]
    public void Equal_chances_are_their_number()
    {
        var sums = new double[2];
        Perplexity.Count([Math.Log(0.25), Math.Log(0.25)], sums);
        Perplexity.Count([Math.Log(0.25)], sums);
        Assert.Equal(4, new Perplexity().Score(sums), 12);
    }

    [Fact]
    public void Tokens_weigh_alike_whatever_text_they_are_in()
    {
        var sums = new double[2];
        Perplexity.Count([Math.Log(0.5), Math.Log(0.5), Math.Log(0.5)], sums);
        Perplexity.Count([Math.Log(1.0 / 32)], sums);
        Assert.Equal(4, new Perplexity().Score(sums), 12);
    }
}
