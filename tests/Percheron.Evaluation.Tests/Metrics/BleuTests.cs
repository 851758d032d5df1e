using Percheron.Evaluation.Metrics;
using Xunit;

namespace Percheron.Evaluation.Tests.Metrics;

/// <summary>The scores the field's own tool publishes for these strings.</summary>
public class BleuTests
{
    private static readonly string[][] References =
        [["The dog bit the man.", "The dog had bit the man."], ["It was not unexpected.", "No one was surprised."], ["The man bit him first.", "The man had bitten the dog."]];

    [Fact]
    public void The_published_corpus_of_three_sentences_and_two_references() =>
        Assert.Equal(48.530827, Score(["The dog bit the man.", "It wasn't surprising.", "The man had just bitten him."], References), 6);

    [Fact]
    public void Empty_outputs_count_and_score_nothing() => Assert.Equal(0, Score(["", "", ""], References));

    [Fact]
    public void A_precision_without_a_match_is_smoothed() =>
        Assert.Equal(8.493, Score(["Producția de zahăr primă va fi exprimată în ceea ce privește zahărul alb;"], [["producţia de zahăr brut se exprimă în zahăr alb;"]]), 3);

    [Fact]
    public void Nothing_in_common_scores_nothing_however_it_is_smoothed() => Assert.Equal(0, Score(["this is a cat"], [["okay thanks"]]));

    [Fact]
    public void The_same_text_scores_a_hundred() => Assert.Equal(100, Score(["Am 3. Mai kostet es 4,50 Euro."], [["Am 3. Mai kostet es 4,50 Euro."]]), 10);

    [Fact]
    public void A_short_output_pays_for_its_length() =>
        // All precisions are 1; five words of seven.
        Assert.Equal(100 * Math.Exp(1 - (7.0 / 5)), Score(["one two three four five"], [["one two three four five six seven"]]), 10);

    [Fact]
    public void The_published_score_of_given_counts()
    {
        // Lengths 11 and 11, matches 9 7 5 3 of 10 8 6 4.
        double[] sums = [11, 11, 9, 7, 5, 3, 10, 8, 6, 4];
        Assert.Equal(83.75922397, new Bleu().Score(sums), 8);
    }

    [Fact]
    public void Matches_are_clipped_at_what_a_single_reference_holds()
    {
        var sums = new double[10];
        Bleu.Count("the the the the the the the", ["the cat is on the mat", "there is a cat on the mat"], sums);
        // Two of seven, the published example of the original paper; the closest reference has seven words.
        Assert.Equal([7, 7, 2, 0, 0, 0, 7, 6, 5, 4], sums);
    }

    [Fact]
    public void Sums_of_two_sentences_are_the_corpus()
    {
        var both = new double[10];
        Bleu.Count("a b c d e", ["a b c d f"], both);
        Bleu.Count("g h i j", ["g h i j"], both);
        Assert.Equal(new Bleu().Score(both), Bleu.Score([("a b c d e", ["a b c d f"]), ("g h i j", ["g h i j"])]));
        Assert.Equal(100 * Math.Pow(8.0 / 9 * (6.0 / 7) * (4.0 / 5) * (2.0 / 3), 0.25), new Bleu().Score(both), 10);
    }

    [Fact]
    public void An_output_without_a_reference_is_refused() => Assert.Throws<ArgumentException>(() => Bleu.Count("a", [], new double[10]));

    private static double Score(string[] outputs, string[][] references) => Bleu.Score(outputs.Zip(references, (o, r) => (o, (IReadOnlyList<string>)r)));
}
