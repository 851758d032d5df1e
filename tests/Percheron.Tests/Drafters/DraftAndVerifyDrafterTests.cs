using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Models;
using Percheron.Testing;
using Percheron.Verifiers;
using Xunit;

namespace Percheron.Tests.Drafters;

public class DraftAndVerifyDrafterTests
{
    [Theory]
    [InlineData(0f)]
    [InlineData(1f)]
    public void Steady_steps_allocate_nothing(float temperature) => Toy.AllocatesNothing(target => new DraftAndVerifyDrafter(target), temperature);

    [Fact]
    public void The_threshold_moves_to_the_share_that_is_to_be_accepted()
    {
        double Share(double accepted)
        {
            var target = new ToyModel(Toy.Vocab) { LayerCount = 8 };
            var decoder = new Decoder(target, new DraftAndVerifyDrafter(target, accepted: accepted), new Coupled());
            decoder.Run(new Sequence([1, 2, 3], Toy.Options(1, 6000)));
            return decoder.Statistics.Acceptance;
        }
        double all = Share(1), some = Share(0.3);
        Assert.True(all > some + 0.1, $"{all} of the candidates accepted where all were to be, {some} where three in ten were");
    }

    [Fact]
    public void A_set_found_off_line_drafts_better_than_layers_spread_evenly()
    {
        var target = new ToyModel(Toy.Vocab) { LayerCount = 12 };
        var text = new Sequence([1, 2, 3], Toy.Options(0, 300));
        new Decoder(target, new NoneDrafter(), new Coupled()).Run(text);
        LayerChoice choice = LayerChoice.Find(target, text.Tokens, share: 0.4, trials: 80);
        Assert.True(choice.Agreement > choice.Even, $"{choice}");
        Assert.Equal(8, LayerSwitches.Parse(choice.Skip, 12).Skipped);
        var decoder = new Decoder(target, new DraftAndVerifyDrafter(target, choice.Skip), new Coupled());
        decoder.Run(new Sequence([1, 2, 3], Toy.Options(1, 200)));
        Assert.True(decoder.Statistics.Accepted > 0);
    }

    [Theory]
    [InlineData("b1")]
    [InlineData("a9")]
    [InlineData("a")]
    [InlineData("a-1")]
    public void Sets_that_do_not_exist_are_refused(string skip) => Assert.ThrowsAny<ArgumentException>(() => new DraftAndVerifyDrafter(Toy.Target(), skip));

    [Fact]
    public void A_set_has_one_name()
    {
        Assert.Equal("m0-a2-m2", LayerSwitches.Parse("a2-m2-m0", 4).ToString());
        Assert.Equal("", new LayerSwitches(4).ToString());
    }
}
