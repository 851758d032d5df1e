using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Drafters.Trees;
using Percheron.Testing;
using Percheron.Verifiers;
using Xunit;

namespace Percheron.Tests.Drafters;

public class SelfDrafterTests
{
    [Theory]
    [InlineData(-1, 1, typeof(ChainTree))]
    [InlineData(0, 1, typeof(SampledTree))]
    [InlineData(2, 3, typeof(SampledTree))]
    [InlineData(1, 2, typeof(TopKTree))]
    public void It_never_changes_the_text(int skip, int width, Type tree) => Toy.SaysWhatPlainDecodingSays(target => new SelfDrafter(target, skip, 3, width, Toy.Shape(tree), confidence: width == 1 ? 0.6 : 0));

    [Theory]
    [InlineData(0f)]
    [InlineData(1f)]
    public void Steady_steps_allocate_nothing(float temperature)
    {
        Toy.AllocatesNothing(target => new SelfDrafter(target), temperature);
        Toy.AllocatesNothing(target => new SelfDrafter(target, depth: 3, width: 2, confidence: 0), temperature);
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(1f)]
    public void With_all_layers_everything_is_accepted(float temperature)
    {
        ToyModel target = Toy.Target();
        var sequence = new Sequence([1, 2, 3], Toy.Options(temperature, 50));
        var decoder = new Decoder(target, new SelfDrafter(target, skip: 0, depth: 4, confidence: 0), new Coupled());
        decoder.Run(sequence);
        Assert.Equal(10, decoder.Statistics.Steps);
    }

    [Fact]
    public void Accepted_lengths_are_the_approved_ones()
    {
        double Length(int skip, float temperature, double confidence)
        {
            var target = new ToyModel(Toy.Vocab) { LayerCount = 8 };
            var decoder = new Decoder(target, new SelfDrafter(target, skip, confidence: confidence), new Coupled());
            decoder.Run(Toy.Sequences(temperature, 200));
            return Math.Round(decoder.Statistics.AcceptedLength, 2);
        }
        Assert.Equal([3.94, 4.61, 3.72, 3.95], new[] { Length(1, 0, 0), Length(1, 1, 0), Length(-1, 0, 0), Length(-1, 1, 0) });
    }

    [Fact]
    public void A_prompt_is_not_read_twice()
    {
        ToyModel target = Toy.Target();
        var spy = new Depths(new SelfDrafter(target, skip: 0, depth: 4, confidence: 0));
        var sequence = new Sequence([.. Enumerable.Range(0, 100).Select(i => i % Toy.Vocab)], Toy.Options(0, 20));
        new Decoder(target, spy, new Coupled()).Run(sequence);
        Assert.Equal([0, 4, 4, 4, 4], spy.Seen);
    }

    [Theory]
    [InlineData(1, -1, new[] { 0 })]
    [InlineData(2, -1, new[] { 0, 1 })]
    [InlineData(3, -1, new[] { 0, 1, 2 })]
    [InlineData(4, -1, new[] { 0, 1, 3 })]
    [InlineData(8, -1, new[] { 0, 1, 3, 5, 7 })]
    [InlineData(12, -1, new[] { 0, 1, 3, 5, 7, 9, 11 })]
    [InlineData(8, 6, new[] { 0, 7 })]
    [InlineData(8, 0, new[] { 0, 1, 2, 3, 4, 5, 6, 7 })]
    [InlineData(8, 2, new[] { 0, 1, 2, 4, 5, 7 })]
    public void Layers_left_out_are_spread_evenly_and_the_outer_ones_stay(int count, int skip, int[] kept) => Assert.Equal(kept, SelfDrafter.Layers(count, skip));

    [Fact]
    public void Senseless_options_are_refused()
    {
        Assert.ThrowsAny<ArgumentException>(() => new SelfDrafter(Toy.Target(), skip: 3));
        Assert.ThrowsAny<ArgumentException>(() => new SelfDrafter(Toy.Target(), skip: -2));
        Assert.ThrowsAny<ArgumentException>(() => new SelfDrafter(Toy.Target(), depth: 0));
    }

    private sealed class Depths(Drafter inner) : Drafter
    {
        public List<int> Seen { get; } = [];

        public override void Draft(ReadOnlySpan<DraftSlot> batch)
        {
            inner.Draft(batch);
            Seen.Add(batch[0].Tree.Count - 1);
        }

        public override void Release(Sequence sequence) => inner.Release(sequence);
    }
}
