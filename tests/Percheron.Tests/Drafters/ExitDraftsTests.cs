using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Drafters.Lengths;
using Percheron.Drafters.Trees;
using Percheron.Testing;
using Percheron.Verifiers;
using Xunit;

namespace Percheron.Tests.Drafters;

/// <summary>Early exits with something trained behind them.</summary>
public class ExitDraftsTests
{
    [Theory]
    [InlineData(1, false)]
    [InlineData(3, false)]
    [InlineData(2, true)]
    public void They_never_change_the_text(int width, bool top) =>
        Toy.SaysWhatPlainDecodingSays(target => new KangarooDrafter(new ToyExit(target, 1, 7), target, 3, width, top ? new TopKTree() : null, confidence: 0));

    [Fact]
    public void Thompson_sampling_does_not_change_it_either() => Toy.SaysWhatPlainDecodingSays(target => new EesdDrafter(new ToyExit(target, 1, 7), target, length: new ThompsonLength()));

    [Theory]
    [InlineData(0f)]
    [InlineData(1f)]
    public void Steady_steps_allocate_nothing(float temperature)
    {
        Toy.AllocatesNothing(target => new KangarooDrafter(new ToyExit(target, 1, 7), target, 3, 2, confidence: 0), temperature);
        Toy.AllocatesNothing(target => new EesdDrafter(new ToyExit(target, 1, 7), target, length: new ThompsonLength()), temperature);
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(1f)]
    public void An_exit_that_is_right_is_accepted_whole_and_every_row_is_read_once(float temperature)
    {
        ToyModel target = Toy.Target();
        var exit = new ToyExit(target, 0, 7);
        var decoder = new Decoder(target, new KangarooDrafter(exit, target, 4, confidence: 0), new Coupled());
        decoder.Run(new Sequence([1, 2, 3], Toy.Options(temperature, 51)));
        // The step that reads the prompt drafts nothing; each further one wins four tokens and its own.
        Assert.Equal(11, decoder.Statistics.Steps);
        // Each step's root and three levels below it are rows of the first layers, and start at the exit in the target; the leaf does not.
        Assert.Equal((3 * 4) + (10 * ((4 * 2) + 4)), target.EvaluatedLayers);
    }

    [Fact]
    public void Thompson_sampling_goes_on_where_drafts_are_right()
    {
        double Drafted(float noise)
        {
            ToyModel target = Toy.Target();
            var decoder = new Decoder(target, new EesdDrafter(new ToyExit(target, noise, 7), target, 12, length: new ThompsonLength()), new Coupled());
            decoder.Run(Toy.Sequences(0, 200));
            return (double)decoder.Statistics.Offered / decoder.Statistics.Steps;
        }
        Assert.True(Drafted(0) > 6, $"{Drafted(0)} tokens are drafted where all are right");
        Assert.True(Drafted(20) < 2.5, $"{Drafted(20)} tokens are drafted where few are right");
    }

    [Fact]
    public void An_exit_of_another_target_is_refused()
    {
        ToyModel target = Toy.Target();
        Assert.Contains("another model", Assert.Throws<ArgumentException>(() => new KangarooDrafter(new ToyExit(target, 0, 1), new ToyModel(Toy.Vocab) { LayerCount = 1 })).Message);
    }
}
