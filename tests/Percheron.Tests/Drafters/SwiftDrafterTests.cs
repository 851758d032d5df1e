using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Testing;
using Percheron.Verifiers;
using Xunit;

namespace Percheron.Tests.Drafters;

public class SwiftDrafterTests
{
    [Theory]
    [InlineData(0f)]
    [InlineData(1f)]
    public void Steady_steps_allocate_nothing(float temperature) => Toy.AllocatesNothing(target => new SwiftDrafter(target, trials: 8), temperature);

    [Fact]
    public void The_set_it_finds_is_better_than_layers_spread_evenly()
    {
        (double swift, LayerSearch search) = Length(trials: 60);
        (double even, _) = Length(trials: 0);
        Assert.True(search.Tried > 5, $"{search.Tried} sets tried");
        Assert.True(swift > even + 0.1, $"{swift} tokens a step, {even} without a search");
        Assert.Equal(0, new[] { 0, 1, 22, 23 }.Count(half => !search.Best[half]));

        static (double, LayerSearch) Length(int trials)
        {
            var target = new ToyModel(Toy.Vocab) { LayerCount = 12 };
            var drafter = new SwiftDrafter(target, trials: trials, share: 0.6, text: 200, every: 2, confidence: 0);
            var decoder = new Decoder(target, drafter, new Coupled());
            decoder.Run(new Sequence([1, 2, 3], Toy.Options(1, 1500)));
            return (decoder.Statistics.AcceptedLength, drafter.Search);
        }
    }

    [Fact]
    public void A_small_model_has_nothing_to_choose_and_drafts_all_the_same()
    {
        var target = new ToyModel(Toy.Vocab) { LayerCount = 2 };
        var decoder = new Decoder(target, new SwiftDrafter(target, confidence: 0), new Coupled());
        decoder.Run(new Sequence([1, 2, 3], Toy.Options(0, 100)));
        Assert.True(decoder.Statistics.AcceptedLength > 3);
    }

    [Fact]
    public void Senseless_options_are_refused()
    {
        Assert.ThrowsAny<ArgumentException>(() => new SwiftDrafter(Toy.Target(), share: 1.5));
        Assert.ThrowsAny<ArgumentException>(() => new SwiftDrafter(Toy.Target(), every: 0));
        Assert.ThrowsAny<ArgumentException>(() => new SwiftDrafter(Toy.Target(), text: 0));
    }
}
