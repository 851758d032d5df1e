using Percheron.Evaluation.Metrics;
using Xunit;

namespace Percheron.Evaluation.Tests.Metrics;

/// <summary>The scores the field's own tool publishes for these strings.</summary>
public class ChrfTests
{
    [Theory]
    [InlineData("aa", "ab", 25)]
    [InlineData("a", "a", 100)]
    [InlineData("a b c", "abc", 100)]
    [InlineData("", "reference", 0)]
    [InlineData("abcdefg", "hijklmnop", 0)]
    [InlineData(" Die    Beziehung zwischen  Obama und Netanjahu ist nicht gerade  freundlich. ", "Das Verhältnis zwischen Obama und Netanyahu ist nicht gerade freundschaftlich.", 64.1302698)]
    [InlineData(" risk assessment must be made of those who are qualified and expertise in the sector - these are the scientists .", "risk assessment has to be undertaken by those who are qualified and expert in that area - that is the scientists .", 63.361730)]
    public void Published_with_beta_three(string output, string reference, double expected) => Assert.Equal(expected, Score(new Chrf(3), (output, [reference])), 4);

    [Fact]
    public void With_beta_two_by_hand() =>
        // One and two letters: precisions 1 and 1, recalls 2/3 and 1/2; the output has no three letters.
        Assert.Equal(100 * 35 / 55.0, Score(new Chrf(), ("ab", ["abc"])), 10);

    [Fact]
    public void A_corpus_is_the_sum_of_its_sentences() => Assert.Equal(50, Score(new Chrf(3), ("a", ["a"]), ("b", ["c"])), 10);

    [Fact]
    public void The_best_reference_counts() => Assert.Equal(100, Score(new Chrf(), ("seven red dogs", ["a cat", "seven red dogs"])), 10);

    private static double Score(Chrf chrf, params (string Output, string[] References)[] corpus)
    {
        var sums = new double[chrf.Size];
        foreach ((string output, string[] references) in corpus) chrf.Count(output, references, sums);
        return chrf.Score(sums);
    }
}
