using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Models;
using Xunit;

namespace Percheron.Tests.Drafters;

public class FallbackDrafterTests
{
    /// <summary>Proposes one token to sequences whose last token is even (or to all), and counts.</summary>
    private sealed class Proposer(int token, bool evenOnly, int feature = -1) : Drafter
    {
        public int Asked { get; private set; }

        public int Observed { get; private set; }

        public int Released { get; private set; }

        public override FeatureSet Features => feature < 0 ? FeatureSet.None : new FeatureSet(feature);

        protected override void Draft(Sequence sequence, TokenTree tree)
        {
            Asked++;
            if (!evenOnly || sequence.Tokens[^1] % 2 == 0) tree.Add(0, token);
        }

        public override void Observe(in Step step) => Observed++;

        public override void Release(Sequence sequence) => Released++;
    }

    [Fact]
    public void The_first_that_proposes_wins_for_each_sequence_alone()
    {
        Proposer first = new(7, evenOnly: true), second = new(8, evenOnly: false), third = new(9, evenOnly: false);
        var drafter = new FallbackDrafter(first, second, third);
        DraftSlot[] batch = [.. new[] { 1, 2, 3, 4, 5 }.Select(token => Slot(token))];
        drafter.Draft(batch);
        Assert.Equal([8, 7, 8, 7, 8], batch.Select(s => s.Tree.Token(1)));
        Assert.Equal((5, 3, 0), (first.Asked, second.Asked, third.Asked));
    }

    [Fact]
    public void All_of_them_observe_and_release_and_name_their_features()
    {
        Proposer first = new(7, evenOnly: true, feature: 2), second = new(8, evenOnly: false, feature: 0);
        var drafter = new FallbackDrafter(first, second);
        Assert.Equal([0, 2], drafter.Features.States.ToArray());
        var decoder = new Decoder(Toy.Target(), drafter, new Percheron.Verifiers.Coupled());
        decoder.Run(Toy.Sequences(0, tokens: 10));
        Assert.Equal(decoder.Statistics.Steps, first.Observed);
        Assert.Equal(decoder.Statistics.Steps, second.Observed);
        Assert.Equal((Toy.Prompts.Length, Toy.Prompts.Length), (first.Released, second.Released));
    }

    [Fact]
    public void A_model_that_is_not_asked_for_a_while_catches_up()
    {
        Drafter Make() => new FallbackDrafter(new NgramDrafter(max: 4, min: 3), new ModelDrafter(Toy.Draft(), confidence: 0));
        Toy.SaysWhatPlainDecodingSays(Make);
        Assert.Equal(5, Toy.AcceptedLength(new FallbackDrafter(new NgramDrafter(min: 4), new ModelDrafter(Toy.Draft(noise: 0), depth: 4, confidence: 0)), 1), 0.25);
        Toy.AllocatesNothing(Make(), 1);
    }

    [Fact]
    public void Nobody_to_ask_is_an_error() => Assert.Throws<ArgumentException>(() => new FallbackDrafter());

    private static DraftSlot Slot(int token)
    {
        var tree = new TokenTree();
        tree.Reset(token, 0, 4);
        return new DraftSlot(new Sequence([token]), tree);
    }
}
