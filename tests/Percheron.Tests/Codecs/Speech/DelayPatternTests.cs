using Percheron.Codecs;
using Percheron.Codecs.Speech;
using Xunit;

namespace Percheron.Tests.Codecs.Speech;

public class DelayPatternTests
{
    private static readonly CodeLayout Layout = new() { Kind = CodeLayout.Speech, First = 300, Count = 8, Books = 3, Begin = 290, Blank = 291 };

    [Fact]
    public void Book_k_is_k_steps_late_and_says_nothing_before_and_behind()
    {
        var pattern = new DelayPattern(3, 8);
        int[] stream = pattern.Weave([1, 2, 3, 4, 5, 6]);
        Assert.Equal([1, 7, 7, 4, 2, 7, 7, 5, 3, 7, 7, 6], stream);
        Assert.Equal(stream.Length, pattern.Length(2));
        Assert.Equal([301, 315, 323, 304, 310, 323, 307, 313, 319, 307, 315, 322], pattern.ToTokens([1, 2, 3, 4, 5, 6], Layout));
    }

    [Fact]
    public void Any_codes_come_back_and_a_stream_cut_anywhere_gives_what_was_said()
    {
        ulong state = 3;
        for (int round = 0; round < 300; round++)
        {
            int books = 1 + (round % 5), frames = round % 7;
            var pattern = new DelayPattern(books, 8);
            int[] codes = [.. Enumerable.Range(0, frames * books).Select(_ => Next(ref state) % 7)], stream = pattern.Weave(codes);
            Assert.Equal(codes, pattern.Unweave(stream));
            for (int length = 0; length <= stream.Length; length++)
            {
                int[] cut = pattern.Unweave(stream.AsSpan(0, length));
                Assert.Equal(Math.Min(frames, (length + books - 1) / books), cut.Length / books);
                for (int i = 0; i < cut.Length; i++)
                {
                    bool said = ((((i / books) + (i % books)) * books) + (i % books)) < length;
                    Assert.Equal(said ? codes[i] : 7, cut[i]);
                }
            }
        }
    }

    [Fact]
    public void Tokens_end_at_the_first_that_is_no_code_of_the_book_whose_turn_it_is()
    {
        var pattern = new DelayPattern(3, 8);
        int[] codes = [1, 2, 3, 4, 5, 6, 0, 0, 0], tokens = pattern.ToTokens(codes, Layout);
        Assert.Equal(codes, pattern.FromTokens([.. tokens, 0], Layout));
        Assert.Equal(codes, pattern.FromTokens([.. tokens, 0, 301, 301], Layout));
        tokens[5] = 301;
        Assert.Equal([1, 2, 7, 4, 7, 7], pattern.FromTokens(tokens, Layout));
        Assert.Empty(pattern.FromTokens([0], Layout));
        Assert.Empty(pattern.FromTokens([-1], Layout));
    }

    private static int Next(ref ulong state)
    {
        state = (state * 6364136223846793005) + 1442695040888963407;
        return (int)(state >> 33);
    }
}
