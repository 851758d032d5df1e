using Percheron.Formats;
using Xunit;

namespace Percheron.Tests.Formats;

public class CorpusIndexTests
{
    [Theory]
    [InlineData(7, 64)]
    [InlineData(300, 1 << 20)]
    [InlineData(70_000, 100)]
    public void The_longest_tail_is_found_wherever_it_occurs(int vocab, int shard)
    {
        var random = new Random(vocab);
        int[] text = [.. Enumerable.Range(0, 2000).Select(i => i % 400 == 399 ? vocab : random.Next(Math.Min(vocab, 6)) + Math.Max(0, vocab - 6) - (vocab == 7 ? 1 : 0))];
        using TemporaryFile file = new(Written(text, vocab, shard));
        using CorpusIndex index = CorpusIndex.Open(file.Path);
        Assert.Equal((text.Length, vocab), (index.Count, index.Vocab));
        for (int i = 0; i < text.Length; i++) Assert.Equal(text[i], index.Token(i));
        Assert.Equal(vocab, index.Token(text.Length));
        var positions = new long[4000];
        for (int trial = 0; trial < 300; trial++)
        {
            int at = random.Next(2, text.Length), from = Math.Max(0, at - 12);
            int[] context = [.. text[from..at]];
            if (trial % 2 == 1) context[0] = text[random.Next(text.Length)];
            int count = index.Find(context, positions, out int length);
            (int expected, HashSet<long> places) = BruteForce(text, context);
            Assert.Equal(expected, length);
            Assert.Equal(places, [.. positions.AsSpan(0, count).ToArray()]);
        }
    }

    [Fact]
    public void Nothing_is_found_where_nothing_is()
    {
        using CorpusIndex index = CorpusIndex.Of([1, 2, 3], 10);
        Assert.Equal(0, index.Find([9], new long[4], out int length));
        Assert.Equal(0, length);
        using CorpusIndex empty = CorpusIndex.Of([], 10);
        Assert.Equal(0, empty.Find([1, 2], new long[4], out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => CorpusIndex.Of([11], 10));
    }

    [Fact]
    public void Relatives_of_the_whole_context_come_first()
    {
        // "3 4" occurs three times; once with the same token before.
        using CorpusIndex index = CorpusIndex.Of([1, 3, 4, 7, 2, 3, 4, 8, 1, 9, 5, 3, 4, 6], 10);
        var positions = new long[3];
        Assert.Equal(1, index.Find([2, 3, 4], positions, out int length));
        Assert.Equal((3, 7L), (length, positions[0]));
    }

    [Fact]
    public void An_unfinished_file_is_no_index()
    {
        using var stream = new MemoryStream();
        var writer = new CorpusIndexWriter(stream, 10);
        writer.Append([1, 2, 3]);
        using TemporaryFile file = new(stream.ToArray());
        Assert.Contains("not an index", Assert.Throws<ModelFormatException>(() => CorpusIndex.Open(file.Path)).Message, StringComparison.Ordinal);
    }

    private static (int Length, HashSet<long> Places) BruteForce(int[] text, int[] context)
    {
        int best = 0;
        HashSet<long> places = [];
        for (int place = 1; place < text.Length; place++)
        {
            int common = 0;
            while (common < context.Length && common < place && text[place - 1 - common] == context[^(common + 1)]) common++;
            if (common == 0 || common < best) continue;
            if (common > best) places.Clear();
            best = common;
            places.Add(place);
        }
        return (best, places);
    }

    internal static byte[] Written(ReadOnlySpan<int> tokens, int vocab, int shard)
    {
        using var stream = new MemoryStream();
        var writer = new CorpusIndexWriter(stream, vocab, 42, shard);
        writer.Append(tokens);
        writer.Complete();
        return stream.ToArray();
    }
}
