using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Drafters.Trees;
using Percheron.Testing;
using Xunit;

namespace Percheron.Sample.Tests;

public class NearBestTests
{
    [Fact]
    public void With_a_share_of_one_it_is_exact_at_temperature_0()
    {
        Assert.Equal(Text(new NoneDrafter(), 1), Text(new ModelDrafter(new ToyHost(NewTarget(), noise: 3).Draft(3), width: 2, tree: new TopKTree()), 1));
    }

    [Fact]
    public void A_smaller_share_accepts_more()
    {
        var lengths = new List<double>();
        foreach (double share in new[] { 1, 0.1 })
        {
            var decoder = new Decoder(NewTarget(), new ModelDrafter(new ToyHost(NewTarget(), noise: 3).Draft(3)), new NearBest(share));
            decoder.Run(new Sequence([1, 2], new SequenceOptions { Sampling = SamplingSettings.Plain, MaxTokens = 1000 }));
            lengths.Add(decoder.Statistics.AcceptedLength);
        }
        Assert.True(lengths[0] + 0.2 < lengths[1], string.Join(", ", lengths));
    }

    private static int[] Text(Drafter drafter, double share)
    {
        var sequence = new Sequence([1, 2], new SequenceOptions { Sampling = SamplingSettings.Greedy, MaxTokens = 60 });
        new Decoder(NewTarget(), drafter, new NearBest(share)).Run(sequence);
        return [.. sequence.Output];
    }

    private static ToyModel NewTarget() => new(vocab: 12, order: 3, seed: 7, sharpness: 4);
}
