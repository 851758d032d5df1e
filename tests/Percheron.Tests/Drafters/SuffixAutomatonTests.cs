using Percheron.Decoding;
using Percheron.Drafters;
using Xunit;

namespace Percheron.Tests.Drafters;

public class SuffixAutomatonTests
{
    [Theory]
    [InlineData(2, 60)]
    [InlineData(3, 120)]
    [InlineData(40, 300)]
    public void It_knows_every_substring_its_count_and_its_latest_end(int alphabet, int length)
    {
        var random = new SeededRandom((ulong)alphabet);
        float[] weights = [.. Enumerable.Repeat(1f, alphabet)];
        var automaton = new SuffixAutomaton();
        var text = new List<int>();
        for (int i = 0; i < length; i++)
        {
            text.Add(random.Pick(weights));
            automaton.Append(text[^1]);
            if (i % 7 == 0 || i == length - 1) Check(automaton, [.. text]);
        }
        automaton.Clear();
        Assert.Equal(0, automaton.Length);
        Assert.Equal(-1, automaton.Next(0, text[0]));
    }

    [Fact]
    public void Constant_text_is_cheap()
    {
        var automaton = new SuffixAutomaton();
        for (int i = 0; i < 200_000; i++) automaton.Append(7);
        Assert.Equal(199_999, automaton.LengthOf(automaton.Link(automaton.Whole)));
    }

    private static void Check(SuffixAutomaton automaton, int[] text)
    {
        for (int from = Math.Max(0, text.Length - 40); from < text.Length; from++)
        {
            int state = 0;
            for (int to = from; to < Math.Min(text.Length, from + 12); to++)
            {
                state = automaton.Next(state, text[to]);
                int[] part = text[from..(to + 1)];
                int[] ends = [.. Enumerable.Range(part.Length - 1, text.Length - part.Length + 1).Where(end => text.AsSpan(end + 1 - part.Length, part.Length).SequenceEqual(part))];
                Assert.Equal((ends.Length, ends[^1]), (automaton.Occurrences(state), automaton.LastEnd(state)));
                HashSet<int> next = [.. ends.Where(e => e + 1 < text.Length).Select(e => text[e + 1])];
                var edges = new HashSet<int>();
                for (int edge = automaton.FirstEdge(state); edge >= 0; edge = automaton.NextEdge(edge)) Assert.True(edges.Add(automaton.Follow(edge).Token));
                Assert.Equal(next, edges);
            }
        }
        // The link of the whole text is its longest suffix that has occurred before.
        int longest = 0;
        for (int n = 1; n < text.Length; n++)
            if (Enumerable.Range(0, text.Length - n).Any(at => text.AsSpan(at, n).SequenceEqual(text.AsSpan(text.Length - n)))) longest = n;
        Assert.Equal(longest, automaton.LengthOf(automaton.Link(automaton.Whole)));
    }
}
