using Percheron.Evaluation.Metrics;
using Percheron.Evaluation.Translation;
using Xunit;

namespace Percheron.Evaluation.Tests.Translation;

public class TranslationCorpusTests
{
    private static readonly TranslationCorpus Corpus = new(1);

    [Fact]
    public void A_pair_is_a_function_of_seed_and_index()
    {
        Assert.Equal(Corpus.Pair(12345).German, new TranslationCorpus(1).Pair(12345).German);
        Assert.NotEqual(Corpus.Pair(12345).German, new TranslationCorpus(2).Pair(12345).German);
    }

    [Fact]
    public void Texts_are_sentences_and_references_differ()
    {
        for (int i = 0; i < 3000; i++)
        {
            TranslationPair pair = Corpus.Pair(i);
            Assert.NotEmpty(pair.English);
            Assert.Equal(pair.English.Count, pair.English.Distinct().Count());
            foreach (string text in (string[])[pair.German, .. pair.English])
            {
                Assert.Contains(text[^1], ".?");
                Assert.False(char.IsLower(text[0]), text);
                Assert.DoesNotContain("  ", text, StringComparison.Ordinal);
                Assert.DoesNotContain(" .", text, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Hundreds_of_thousands_of_pairs_are_distinct()
    {
        // Of 20,000 draws so few repeat that many more are left: with n equally likely texts, 20,000² / 2n of them would.
        int distinct = Enumerable.Range(0, 20_000).Select(i => Corpus.Pair(i).German).Distinct().Count();
        Assert.InRange(distinct, 18_000, 20_000);
    }

    [Fact]
    public void A_twentieth_is_held_out_and_nothing_of_it_is_trained_on()
    {
        string[] trained = [.. Corpus.Pairs(heldOut: false).Take(4000).Select(p => p.German)], heldOut = [.. Corpus.Pairs(heldOut: true).Take(300).Select(p => p.German)];
        Assert.Empty(trained.Intersect(heldOut));
        Assert.Equal(300, heldOut.Distinct().Count());
        Assert.InRange(Enumerable.Range(0, 10_000).Count(i => TranslationCorpus.IsHeldOut(Corpus.Pair(i).German)), 400, 600);
    }

    [Fact]
    public void References_are_several_where_a_language_has_several_ways()
    {
        double mean = Enumerable.Range(0, 2000).Average(i => Corpus.Pair(i).English.Count);
        Assert.InRange(mean, 1.8, 4);
    }

    [Fact]
    public void Other_references_are_real_alternatives()
    {
        // The second translation taken for the output, with the first as its only reference: related, not the same.
        double score = Bleu.Score(Enumerable.Range(0, 2000).Select(i => Corpus.Pair(i)).Where(p => p.English.Count > 1).Select(p => (p.English[1], (IReadOnlyList<string>)[p.English[0]])));
        Assert.InRange(score, 30, 90);
    }

    [Fact]
    public void A_document_is_its_prompt_and_the_usual_translation()
    {
        TranslationPair pair = new("Es ist drei Uhr.", ["It is three o'clock.", "It's three o'clock."]);
        Assert.Equal("Deutsch: Es ist drei Uhr.\nEnglish:", TranslationCorpus.Prompt(pair));
        Assert.Equal("Deutsch: Es ist drei Uhr.\nEnglish: It is three o'clock.", TranslationCorpus.Document(pair));
    }
}
