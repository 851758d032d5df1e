using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Planning;
using Percheron.Testing;
using Percheron.Verifiers;
using Xunit;

namespace Percheron.Tests.Drafters;

public class LookaheadDrafterTests
{
    [Fact]
    public void It_never_changes_the_text() => Toy.SaysWhatPlainDecodingSays(() => new LookaheadDrafter());

    [Fact]
    public void Steady_steps_allocate_nothing() => Toy.AllocatesNothing(new LookaheadDrafter(), 1);

    [Fact]
    public void The_window_alone_finds_ngrams_the_text_has_not_shown_yet()
    {
        // Order 1 over many tokens: the text does not repeat itself within the run, but the window's columns follow the same successors.
        Assert.True(Accepted(new LookaheadDrafter(window: 8, ngram: 3, text: false)) > 0);
    }

    [Fact]
    public void The_pool_keeps_the_latest_and_moves_up_what_comes_again()
    {
        var pool = new NgramPool(2, 2);
        pool.Add(7, [1, 2]);
        pool.Add(7, [3, 4]);
        Assert.Equal([3, 4], pool.Gram(7, 0).ToArray());
        pool.Add(7, [1, 2]);
        Assert.Equal(2, pool.Count(7));
        Assert.Equal([1, 2], pool.Gram(7, 0).ToArray());
        pool.Add(7, [5, 6]);
        Assert.Equal([[5, 6], [1, 2]], new[] { pool.Gram(7, 0).ToArray(), pool.Gram(7, 1).ToArray() });
        Assert.Equal(0, pool.Count(8));
        for (int token = 0; token < 500; token++) pool.Add(token, [token, token]);
        Assert.Equal([400, 400], pool.Gram(400, 0).ToArray());
    }

    private static long Accepted(Drafter drafter)
    {
        var decoder = new Decoder(new ToyModel(vocab: 60, order: 1), drafter, new Coupled(), new DecoderOptions { Budget = new FixedBudget(40) });
        decoder.Run(new Sequence([3, 17, 42], Toy.Options(1, tokens: 60)));
        return decoder.Statistics.Accepted;
    }
}
