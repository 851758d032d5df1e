using Percheron.Decoding;
using Percheron.Testing;
using Xunit;

namespace Percheron.Tests.Decoding;

public class TokenRangesTests
{
    private const int Vocab = 12, End = 0;

    // Two books of four codes in turn; the text may end in the place of the first.
    private static readonly TokenRanges Books = new([(4, 4), (8, 4)], (0, End));

    [Fact]
    public void Each_place_allows_its_range_and_what_is_given_besides()
    {
        Assert.Equal((0, 2), (Books.Start, Books.Period));
        for (int state = 0; state < 2; state++)
        {
            var logits = new float[Vocab];
            Books.Forbid(state, logits);
            for (int token = 0; token < Vocab; token++)
            {
                bool allowed = state == 0 ? token is >= 4 and < 8 or End : token >= 8;
                Assert.Equal(allowed ? 0 : float.NegativeInfinity, logits[token]);
                Assert.Equal(allowed ? 1 - state : -1, Books.Advance(state, token));
            }
        }
    }

    [Fact]
    public void Pieces_that_touch_or_overlap_are_one_and_ids_beyond_the_vocabulary_do_no_harm()
    {
        var ranges = new TokenRanges([(3, 3), (0, 0), (9, 90)], (0, 2), (0, 4), (0, 6), (1, 7), (2, 200)) { Start = 1 };
        Assert.Equal(1, ranges.Start);
        string[] expected = ["23456", "7", "9"];
        for (int state = 0; state < 3; state++)
        {
            var logits = new float[10];
            ranges.Forbid(state, logits);
            Assert.Equal(expected[state], string.Concat(Enumerable.Range(0, 10).Where(token => logits[token] == 0)));
            Assert.Equal(expected[state], string.Concat(Enumerable.Range(0, 10).Where(token => ranges.Advance(state, token) >= 0)));
        }
        Assert.Equal(0, ranges.Advance(2, 98));
    }

    [Fact]
    public void What_makes_no_sense_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new TokenRanges([]));
        Assert.Throws<ArgumentException>(() => new TokenRanges([(3, 0)]));
        Assert.Throws<ArgumentException>(() => new TokenRanges([(-1, 3)]));
        Assert.Throws<ArgumentException>(() => new TokenRanges([(1, 3)], (1, 0)));
        Assert.Throws<ArgumentException>(() => new TokenRanges([(1, 3)], (0, -1)));
    }

    [Theory]
    [InlineData("none", "coupled")]
    [InlineData("sjd", "coupled")]
    [InlineData("ngram", "coupled")]
    [InlineData("model(depth=4, width=3)", "coupled")]
    [InlineData("model(depth=4, width=2)", "traversal")]
    [InlineData("jacobi", "grouped")]
    public void Nothing_else_is_said_whatever_is_drafted(string drafter, string verifier)
    {
        string? plain = null;
        foreach (float temperature in new[] { 0f, 1f })
            foreach (string drafts in new[] { "none", drafter })
            {
                var host = new ToyHost(new ToyModel(Vocab), 1.5f);
                var sequence = new Sequence([1, 2, 3], new SequenceOptions { Sampling = SamplingSettings.Plain with { Temperature = temperature }, MaxTokens = 61, MinTokens = 40, Seed = 4, Constraint = Books, StopTokens = [End] });
                new Decoder(host.Target, new Catalog().Drafter(drafts, host), new Catalog().Verifier(verifier, host)).Run(sequence);
                for (int i = 0; i < sequence.Output.Length; i++)
                    Assert.True(i % 2 == 0 ? sequence.Output[i] is >= 4 and < 8 or End : sequence.Output[i] >= 8, $"{sequence.Output[i]} at {i}");
                string text = string.Join(' ', sequence.Output.ToArray());
                if (drafts == "none") plain = text;
                else if (verifier == "coupled") Assert.Equal(plain, text);
            }
    }

    [Fact]
    public void It_allocates_nothing()
    {
        var logits = new float[Vocab];
        Books.Forbid(0, logits);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0, state = Books.Start; i < 100; i++)
        {
            Books.Forbid(state, logits);
            state = Books.Advance(state, state == 0 ? 5 : 9);
        }
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
