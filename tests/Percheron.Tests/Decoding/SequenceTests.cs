using Percheron.Decoding;
using Xunit;

namespace Percheron.Tests.Decoding;

public class SequenceTests
{
    [Fact]
    public void What_is_unchanged_since_a_revision_is_known()
    {
        var random = new SeededRandom(3);
        var child = new Sequence([1]);
        var past = new List<(int Revision, int[] Tokens)>();
        for (int round = 0; round < 200; round++)
        {
            past.Add((child.Revision, child.Tokens.ToArray()));
            // Mostly goes on; sometimes another text takes over from some position.
            int keep = random.Accept(0.5) ? child.Count : Math.Max(1, child.Count - random.Pick([1, 1, 1, 1]));
            int[] text = [.. child.Tokens[..keep], .. Enumerable.Range(0, 1 + random.Pick([1, 1, 1])).Select(_ => random.Pick([1, 1]))];
            child.Follow(text, 10);
            Assert.Equal(text, child.Tokens.ToArray());
            Assert.Equal(text.Length, child.Settled);
            if (random.Accept(0.5)) child.Append(random.Pick([1, 1]));
            foreach ((int revision, int[] tokens) in past)
            {
                int unchanged = child.Unchanged(revision);
                Assert.True(unchanged <= child.Count);
                int known = Math.Min(unchanged, tokens.Length);
                Assert.Equal(tokens[..known], child.Tokens[..known].ToArray());
                if (revision == child.Revision) Assert.Equal(child.Count, unchanged);
            }
        }
        Assert.True(child.Revision > 50);
    }

    [Fact]
    public void An_ordinary_sequence_is_settled_as_a_whole()
    {
        var sequence = new Sequence([1, 2, 3]);
        sequence.Append(4);
        Assert.Equal((4, 0, 4), (sequence.Settled, sequence.Revision, sequence.Unchanged(0)));
    }

    [Fact]
    public void A_follower_without_a_limit_does_not_overflow()
    {
        var child = new Sequence([1, 2, 3], new SequenceOptions { MaxTokens = 1 });
        child.Follow([1, 2, 3, 4], int.MaxValue);
        Assert.Equal(4L + int.MaxValue, child.Limit);
        Assert.False(child.Done);
    }
}
