using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Drafters.Trees;
using Percheron.Models;
using Percheron.Testing;
using Percheron.Verifiers;
using Xunit;

namespace Percheron.Tests.Drafters;

public class EarlyExitDrafterTests
{
    [Theory]
    [InlineData(1, 1, null, true)]
    [InlineData(2, 3, null, true)]
    [InlineData(2, 2, typeof(TopKTree), true)]
    [InlineData(2, 1, typeof(ChainTree), true)]
    [InlineData(2, 2, null, false)]
    public void It_never_changes_the_text(int exit, int width, Type? tree, bool reuse) =>
        Toy.SaysWhatPlainDecodingSays(target => new EarlyExitDrafter(target, exit, 3, width, tree is null ? null : Toy.Shape(tree), confidence: 0, reuse: reuse));

    [Theory]
    [InlineData(0f)]
    [InlineData(1f)]
    public void Steady_steps_allocate_nothing(float temperature) => Toy.AllocatesNothing(target => new EarlyExitDrafter(target, 2, 3, 2, confidence: 0), temperature);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void No_row_of_the_draft_goes_through_the_first_layers_twice(int width)
    {
        (long twice, long draft, long rows, int[] text) = Layers(width, reuse: false);
        (long once, long same, long sameRows, int[] sameText) = Layers(width, reuse: true);
        Assert.Equal((draft, rows), (same, sameRows));
        Assert.Equal(text, sameText);
        // Every row that the draft has evaluated, the root among them, saves the target the two layers of the view.
        Assert.Equal(draft, twice - once);
    }

    [Fact]
    public void A_member_of_a_union_hands_its_rows_over_too()
    {
        long Run(bool reuse)
        {
            ToyModel target = Toy.Target();
            var exit = new EarlyExitDrafter(target, 2, 3, 2, confidence: 0, reuse: reuse);
            new Decoder(target, new UnionDrafter(new NgramDrafter(), exit), new Coupled()).Run(Toy.Sequences(0));
            return target.EvaluatedLayers;
        }
        Assert.True(Run(true) < Run(false));
    }

    [Fact]
    public void States_of_the_first_layers_are_there_for_who_wants_them()
    {
        ToyModel target = Toy.Target();
        var observer = new States();
        var decoder = new Decoder(target, new EarlyExitDrafter(target, 2, 3), new Wanting(), new DecoderOptions { Observer = observer });
        decoder.Run(Toy.Sequences(0));
        Assert.True(observer.Seen > 100);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public void An_exit_that_is_none_is_refused(int exit) => Assert.ThrowsAny<ArgumentException>(() => new EarlyExitDrafter(Toy.Target(), exit));

    private static (long Target, long Draft, long Rows, int[] Text) Layers(int width, bool reuse)
    {
        ToyModel target = Toy.Target();
        var drafter = new EarlyExitDrafter(target, 2, 4, width, confidence: 0, reuse: reuse);
        Sequence[] sequences = Toy.Sequences(1);
        new Decoder(target, drafter, new Coupled()).Run(sequences);
        return (target.EvaluatedLayers, ((ToyModel)drafter.Model!).EvaluatedLayers, target.Evaluated, [.. sequences.SelectMany(s => s.Tokens.ToArray())]);
    }

    private sealed class Wanting : Verifier
    {
        private readonly Coupled _inner = new();

        public override bool IsLossless => true;

        public override bool SharesNoise => true;

        public override FeatureSet Features { get; } = new(1);

        public override Acceptance Verify(TokenTree tree, ITarget target, Sequence sequence) => _inner.Verify(tree, target, sequence);
    }

    private sealed class States : IStepObserver
    {
        public int Seen { get; private set; }

        public void Observe(in Step step)
        {
            // A toy's state is the context, newest token first, plus one, and its number at the end.
            for (int row = 0; row < step.CommittedRows; row++, Seen++)
            {
                Assert.Equal(step.Sequence.Tokens[step.FirstPosition + row] + 1, step.Feature(row, 1)[0]);
                Assert.Equal(1, step.Feature(row, 1)[^1]);
            }
        }
    }
}
