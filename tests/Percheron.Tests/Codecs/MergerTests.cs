using Percheron.Codecs;
using Xunit;

namespace Percheron.Tests.Codecs;

public sealed class MergerTests
{
    [Fact]
    public void Short_and_long_words_merge_as_the_definition_says()
    {
        Random random = new(3);
        for (int round = 0; round < 400; round++)
        {
            int letters = random.Next(1, 4);
            Dictionary<(int, int), (int Rank, int Result)> listed = [];
            MergeTable table = new(0);
            int symbols = letters;
            for (int rank = 0; rank < random.Next(1, 25); rank++)
            {
                // Some ranks are shared, as scores can be.
                (int left, int right, int shared) = (random.Next(symbols), random.Next(symbols), rank / random.Next(1, 3));
                table.TryAdd(left, right, shared, symbols);
                if (listed.TryAdd((left, right), (shared, symbols))) symbols++;
            }
            Merger merger = new(table);
            for (int length = 1; length < 160; length += random.Next(1, 12))
            {
                int[] word = new int[length];
                for (int i = 0; i < length; i++) word[i] = random.Next(letters);
                int[] merged = [.. word];
                int count = merger.Merge(merged);
                Assert.Equal(Naive(word, listed), merged[..count]);
            }
        }
    }

    private static List<int> Naive(int[] word, Dictionary<(int, int), (int Rank, int Result)> merges)
    {
        List<int> symbols = [.. word];
        while (true)
        {
            (int Rank, int Result, int At) best = (int.MaxValue, -1, -1);
            for (int i = 0; i + 1 < symbols.Count; i++)
                if (merges.TryGetValue((symbols[i], symbols[i + 1]), out (int Rank, int Result) merge) && merge.Rank < best.Rank) best = (merge.Rank, merge.Result, i);
            if (best.At < 0) return symbols;
            symbols[best.At] = best.Result;
            symbols.RemoveAt(best.At + 1);
        }
    }
}
