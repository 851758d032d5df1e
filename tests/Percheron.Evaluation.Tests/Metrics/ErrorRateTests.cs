using Percheron.Evaluation.Metrics;
using Xunit;

namespace Percheron.Evaluation.Tests.Metrics;

/// <summary>Strings whose changes are counted by hand.</summary>
public class ErrorRateTests
{
    [Theory]
    [InlineData("seven three nine", "seven three nine", 0, 0, 0, 3)]
    [InlineData("seven tree nine", "seven three nine", 1, 0, 0, 3)]
    [InlineData("seven nine", "seven three nine", 0, 1, 0, 3)]
    [InlineData("seven three three nine", "seven three nine", 0, 0, 1, 3)]
    [InlineData("the cat sat on mat", "the cat sits on the mat", 1, 1, 0, 6)]
    [InlineData("one two", "three", 1, 0, 1, 1)]
    [InlineData("", "one two", 0, 2, 0, 2)]
    [InlineData("one two", "", 0, 0, 2, 0)]
    public void Words_by_hand(string output, string reference, int substitutions, int deletions, int insertions, int units)
    {
        var sums = new double[4];
        ErrorRate.Words.Count(output, reference, sums);
        Assert.Equal([substitutions, deletions, insertions, units], sums);
    }

    [Fact]
    public void Case_and_marks_at_the_ends_of_words_do_not_count()
    {
        var sums = new double[4];
        ErrorRate.Words.Count("Seven, THREE; nine.", "seven three nine", sums);
        Assert.Equal(0, ErrorRate.Words.Score(sums));
        ErrorRate.Words.Count("it's", "its", sums);
        Assert.Equal(25, ErrorRate.Words.Score(sums));
    }

    [Fact]
    public void Characters_by_hand()
    {
        // kitten → sitting: two substitutions and an insertion for six letters.
        var sums = new double[4];
        ErrorRate.Characters.Count("sitting", "kitten", sums);
        Assert.Equal([2, 0, 1, 6], sums);
        Assert.Equal(50, ErrorRate.Characters.Score(sums));
    }

    [Fact]
    public void Rates_of_a_corpus_weigh_by_length()
    {
        var sums = new double[4];
        ErrorRate.Words.Count("a", "b", sums);
        ErrorRate.Words.Count("c d e f g h i j k", "c d e f g h i j k", sums);
        Assert.Equal(10, ErrorRate.Words.Score(sums));
    }

    [Fact]
    public void Nothing_said_has_no_rate() => Assert.True(double.IsNaN(ErrorRate.Words.Score(new double[4])));

    [Fact]
    public void Alignment_of_anything() => Assert.Equal(new EditCounts(1, 1, 0, 2), EditCounts.Align<int>([1, 9, 4], [1, 2, 3, 4]));
}
