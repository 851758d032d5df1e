using Percheron.Cli.Bench;
using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Planning;
using Percheron.Testing;
using Xunit;

namespace Percheron.Cli.Tests.Bench;

public class SyntheticLengthTests
{
    [Theory]
    [InlineData(1, 5)]
    [InlineData(1.25, 5)]
    [InlineData(3, 5)]
    [InlineData(3.7, 5)]
    [InlineData(6, 5)]
    public void Every_prefix_of_a_run_commits_the_prescribed_mean_within_one_token(double length, int depth)
    {
        ToyModel target = new(vocab: 12), draft = new(vocab: 12) { Noise = 50 };
        foreach (int width in new[] { 1, 2 })
        {
            Decoder decoder = new(target, new ModelDrafter(draft, depth, width, confidence: 0), new SyntheticLength(length), new DecoderOptions { Budget = new FixedBudget(depth * width) });
            Sequence[] batch = [New(1), New(2)];
            for (int step = 1; step <= 80; step++)
            {
                decoder.Step(batch);
                foreach (Sequence s in batch) Assert.InRange(s.Output.Length, (length * step) - 1, (length * step) + 1e-6);
            }
            // The target has evaluated what was drafted, accepted or not.
            Assert.Equal(2 * 80 * depth * width, decoder.Statistics.Offered);
        }

        static Sequence New(ulong seed) => new([1, 2, 3], new SequenceOptions { Sampling = SamplingSettings.Plain, MaxTokens = 1000, Seed = seed });
    }

    [Fact]
    public void What_one_step_cannot_give_the_next_ones_do()
    {
        ToyModel target = new(vocab: 12), draft = new(vocab: 12) { Noise = 50 };
        Decoder decoder = new(target, new ModelDrafter(draft, depth: 5, confidence: 0), new SyntheticLength(3), new DecoderOptions { Budget = new Alternating() });
        Sequence sequence = new([1, 2, 3], new SequenceOptions { Sampling = SamplingSettings.Plain, MaxTokens = 120 });
        decoder.Run(sequence);
        Assert.Equal(40, decoder.Statistics.Steps);
    }

    [Fact]
    public void It_is_lossy_and_no_method_of_the_catalogue()
    {
        Assert.False(new SyntheticLength(2).IsLossless);
        Assert.DoesNotContain(new Catalog(typeof(SyntheticLength).Assembly).Verifiers, v => v.Type == typeof(SyntheticLength));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SyntheticLength(0.5));
    }

    private sealed class Alternating : BudgetPolicy
    {
        private int _asked;

        public override int Nodes(Sequence sequence) => _asked++ % 2 == 0 ? 0 : 5;
    }
}
