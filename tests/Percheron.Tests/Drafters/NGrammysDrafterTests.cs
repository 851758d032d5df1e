using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Planning;
using Percheron.Testing;
using Percheron.Verifiers;
using Xunit;

namespace Percheron.Tests.Drafters;

public class NGrammysDrafterTests
{
    [Fact]
    public void It_never_changes_the_text() => Toy.SaysWhatPlainDecodingSays(target => new NGrammysDrafter(target));

    [Fact]
    public void Steady_steps_allocate_nothing_but_the_growth_of_the_index() => Toy.AllocatesNothing(target => new NGrammysDrafter(target), 1);

    [Fact]
    public void The_most_frequent_continuations_of_the_longest_ngram_come_first_and_the_latest_among_equals()
    {
        Assert.Equal([5, 9], ProposalOf.Chain(Copying(length: 2), [3, 1, 2, 5, 9, 1, 2, 5, 9, 1, 2, 6, 1, 2]));
        Assert.Equal([6, 1], ProposalOf.Chain(Copying(length: 2), [1, 2, 5, 1, 2, 6, 1, 2]));
        Assert.Equal([7], ProposalOf.Chain(Copying(length: 1), [1, 2, 7, 4, 2, 6, 4, 2, 6, 1, 2]));
        Assert.Empty(ProposalOf.Chain(Copying(), [1, 2, 3]));
        Assert.Equal(2, ProposalOf.Chain(Copying(), [5, 5, 5], budget: 2).Length);
    }

    [Fact]
    public void Where_the_text_knows_nothing_the_models_bigrams_are_proposed()
    {
        // A target of order 1 is its own bigram table: once it is known, the chain is right until it ends.
        var target = new ToyModel(vocab: 12, order: 1);
        var drafter = new NGrammysDrafter(target, guesses: 1, length: 3);
        var warm = new Decoder(target, drafter, new Coupled(), new DecoderOptions { Budget = new FixedBudget(3) });
        for (int token = 0; token < 12; token++) warm.Run(new Sequence([token], Toy.Options(1, tokens: 8, seed: (ulong)token)));
        var decoder = new Decoder(target, drafter, new Coupled(), new DecoderOptions { Budget = new FixedBudget(3) });
        decoder.Run(new Sequence([3], Toy.Options(0, tokens: 4)));
        Assert.Equal(3, decoder.Statistics.Accepted);
        Assert.Equal(target.Evaluated, warm.Statistics.Rows + decoder.Statistics.Rows);
    }

    [Fact]
    public void A_table_asks_once_for_each_token_and_many_in_one_forward()
    {
        var model = new ToyModel(vocab: 200, order: 2);
        var table = new BigramTable(model, 3);
        for (int token = 0; token < 40; token++) table.Want(token);
        Assert.Equal(-1, table.Successor(5, 0));
        while (model.Evaluated < 40) table.Learn();
        Assert.InRange(model.Forwards, 3, 3);
        var logits = new float[200];
        model.Logits([7], logits);
        int[] best = [.. Enumerable.Range(0, 200).OrderByDescending(t => logits[t]).Take(3)];
        Assert.Equal(best, Enumerable.Range(0, 3).Select(rank => table.Successor(7, rank)));
        for (int i = 0; i < 500; i++)
        {
            table.Want(i % 40);
            table.Learn();
        }
        // The best successors of what it knows are asked for, too; nothing twice.
        Assert.InRange(model.Evaluated, 40, 200);
        Assert.Equal(0, model.LiveCaches);
    }

    [Theory]
    [InlineData(0, 5, 3)]
    [InlineData(65, 5, 3)]
    [InlineData(5, 0, 3)]
    [InlineData(5, 5, 0)]
    public void Senseless_options_are_refused(int guesses, int length, int max) => Assert.ThrowsAny<ArgumentException>(() => new NGrammysDrafter(Toy.Target(), guesses, length, max));

    // A new drafter knows no bigrams.
    private static NGrammysDrafter Copying(int length = 5) => new(new ToyModel(vocab: 40), length: length);
}
