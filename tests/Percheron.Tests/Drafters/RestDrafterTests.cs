using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Formats;
using Xunit;

namespace Percheron.Tests.Drafters;

public class RestDrafterTests
{
    [Fact]
    public void They_never_change_the_text()
    {
        Toy.SaysWhatPlainDecodingSays(() => new RestDrafter(Corpus(), min: 1));
        Toy.SaysWhatPlainDecodingSays(() => new LlmaDrafter(Corpus(), match: 1));
        Toy.SaysWhatPlainDecodingSays(() => new PredictedDrafter(Corpus(), match: 1));
    }

    [Fact]
    public void Steady_steps_allocate_nothing()
    {
        Toy.AllocatesNothing(new RestDrafter(Corpus(), min: 1), 1);
        Toy.AllocatesNothing(new LlmaDrafter(Corpus(), match: 1), 1);
        Toy.AllocatesNothing(new PredictedDrafter(Corpus(), match: 1), 1);
    }

    [Fact]
    public void What_followed_most_often_is_proposed_first_and_what_is_rare_is_not()
    {
        // After 1 2: three times 3 4, once 5; a document ends after the last.
        CorpusIndex corpus = CorpusIndex.Of([1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 20, 1, 2, 3, 4, 20], 20);
        Assert.Equal([3, 4], ProposalOf.Chain(new RestDrafter(corpus, length: 2, threshold: 0.5), [9, 1, 2]));
        Assert.Equal([3], ProposalOf.Chain(new RestDrafter(corpus, threshold: 0.5), [9, 1, 2], budget: 1));
        Assert.Equal([3, 4, 5, 1], Tokens(new RestDrafter(corpus, length: 2, threshold: 0.1), [9, 1, 2]));
        Assert.Empty(ProposalOf.Chain(new RestDrafter(corpus, min: 2), [9, 9, 2]));
        Assert.Empty(ProposalOf.Chain(new RestDrafter(corpus, min: 2), [9]));
    }

    [Fact]
    public void A_reference_is_copied_to_the_end_of_its_document()
    {
        CorpusIndex reference = CorpusIndex.Of([7, 8, 1, 2, 3, 20, 4, 5], 20);
        Assert.Equal([1, 2, 3], ProposalOf.Chain(new LlmaDrafter(reference), [9, 7, 8]));
        Assert.Empty(ProposalOf.Chain(new LlmaDrafter(reference), [9, 8]));
    }

    [Fact]
    public void A_prediction_is_followed_left_where_it_is_wrong_and_taken_up_again()
    {
        int[] prediction = [10, 11, 12, 13, 14, 15, 16, 17];
        var drafter = new PredictedDrafter(CorpusIndex.Of(prediction, 20), length: 2, match: 2);
        var sequence = new Sequence([1, 2]);
        Assert.Equal([10, 11], Guess(drafter, sequence));
        foreach (int token in new[] { 10, 11, 5 }) sequence.Append(token);
        Assert.Empty(Guess(drafter, sequence));
        foreach (int token in new[] { 13, 14 }) sequence.Append(token);
        Assert.Equal([15, 16], Guess(drafter, sequence));
        sequence.Append(15);
        Assert.Equal([16, 17], Guess(drafter, sequence));
    }

    [Fact]
    public void A_corpus_of_a_larger_vocabulary_is_refused() =>
        Assert.Contains("index it with the target's tokenizer", Assert.Throws<ArgumentException>(() => new Decoder(Toy.Target(), new RestDrafter(CorpusIndex.Of([1, 2, 30], 40), min: 1), new Percheron.Verifiers.Coupled()).Run(Toy.Sequences(0))).Message, StringComparison.Ordinal);

    private static int[] Guess(Drafter drafter, Sequence sequence)
    {
        var tree = new TokenTree();
        tree.Reset(sequence.Tokens[^1], sequence.Count - 1, 64);
        drafter.Draft([new DraftSlot(sequence, tree)]);
        return ProposalOf.FirstPath(tree);
    }

    private static int[] Tokens(Drafter drafter, int[] text)
    {
        var tree = new TokenTree();
        tree.Reset(text[^1], text.Length - 1, 64);
        drafter.Draft([new DraftSlot(new Sequence(text), tree)]);
        return [.. Enumerable.Range(1, tree.Count - 1).Select(tree.Token)];
    }

    private static CorpusIndex Corpus() => CorpusIndex.Of([.. Enumerable.Range(0, 300).Select(i => i * i % 11), 12, 3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5], Toy.Vocab);
}
