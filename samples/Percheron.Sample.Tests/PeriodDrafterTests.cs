using Percheron.Decoding;
using Percheron.Testing;
using Percheron.Verifiers;
using Xunit;

namespace Percheron.Sample.Tests;

public class PeriodDrafterTests
{
    [Theory]
    [InlineData(new[] { 5, 1, 2, 3, 1, 2, 3 }, new[] { 1, 2, 3, 1, 2, 3, 1, 2 })]
    [InlineData(new[] { 4, 4 }, new[] { 4, 4, 4, 4, 4, 4, 4, 4 })]
    [InlineData(new[] { 1, 2, 3 }, new int[0])]
    public void Goes_on_with_the_shortest_period(int[] text, int[] expected)
    {
        var tree = new TokenTree();
        tree.Reset(text[^1], text.Length - 1, budget: 20);
        var sequence = new Sequence(text);
        new PeriodDrafter().Draft([new DraftSlot(sequence, tree)]);
        Assert.Equal(expected, Enumerable.Range(1, tree.Count - 1).Select(tree.Token));
    }

    [Fact]
    public void Saves_forwards_on_a_text_that_repeats()
    {
        // Sharp and of order 1: its greedy text soon goes round in a circle.
        var decoder = new Decoder(new ToyModel(vocab: 5, order: 1, seed: 2), new PeriodDrafter(), new Coupled());
        var sequence = new Sequence([0], new SequenceOptions { Sampling = SamplingSettings.Greedy, MaxTokens = 60 });
        decoder.Run(sequence);
        Assert.True(decoder.Statistics.AcceptedLength > 3, $"{decoder.Statistics.AcceptedLength} tokens a step");
    }
}
