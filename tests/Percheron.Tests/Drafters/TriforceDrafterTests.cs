using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Formats;
using Percheron.Models;
using Percheron.Planning;
using Percheron.Testing;
using Percheron.Tests.Support;
using Percheron.Verifiers;
using Xunit;

namespace Percheron.Tests.Drafters;

public class TriforceDrafterTests
{
    [Theory]
    [InlineData("ngram")]
    [InlineData("model")]
    public void It_never_changes_the_text_and_allocates_nothing(string inner)
    {
        Toy.SaysWhatPlainDecodingSays(target => Make(inner, target));
        Toy.AllocatesNothing(target => Make(inner, target), 0);
        Toy.AllocatesNothing(target => Make(inner, target), 1);
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(1f)]
    public void The_chain_is_the_middle_levels_own_and_guesses_save_its_forwards(float temperature)
    {
        (double sparse, long alone, long rows) = Run(target => new SelfDrafter(target, depth: 6, confidence: 0, window: 8, sinks: 1), temperature);
        (double none, long without, long same) = Run(target => new TriforceDrafter(new NoneDrafter(), target, window: 8, sinks: 1, chunks: 0), temperature);
        Assert.Equal((sparse, alone, rows), (none, without, same));
        (double guessed, long with, _) = Run(target => new TriforceDrafter(new ModelDrafter(Toy.Draft(noise: 0), 2, confidence: 0), target, window: 8, sinks: 1, chunks: 0), temperature);
        Assert.Equal(sparse, guessed);
        // Six levels take two forwards of the view instead of six.
        Assert.Equal(alone, 3 * with);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void A_real_model_reads_part_of_a_long_text_and_says_the_same(int chunks)
    {
        using GgufFile file = GgufFile.Open(SharedData.Require("stories260k/stories260k-f32.gguf"));
        using Transformer model = Transformer.Load(file, new ModelOptions { Threads = 1 });
        foreach (SamplingSettings sampling in new[] { SamplingSettings.Greedy, new SamplingSettings() })
        {
            Sequence plain = new([1, 2], new SequenceOptions { Sampling = sampling, Seed = 3, MaxTokens = 150 }), drafted = new([1, 2], plain.Options);
            new Decoder(model, new NoneDrafter(), new Coupled()).Run(plain);
            var decoder = new Decoder(model, new TriforceDrafter(new NgramDrafter(), model, 16, 2, chunks), new Coupled(), new DecoderOptions { Budget = new FixedBudget(6) });
            decoder.Run(drafted);
            Assert.Equal(plain.Tokens.ToArray(), drafted.Tokens.ToArray());
            Assert.True(decoder.Statistics.AcceptedLength > 2, $"{decoder.Statistics.AcceptedLength}");
        }
    }

    [Fact]
    public void Senseless_options_are_refused()
    {
        Assert.ThrowsAny<ArgumentException>(() => new TriforceDrafter(new NoneDrafter(), Toy.Target(), window: 0));
        Assert.ThrowsAny<ArgumentException>(() => new TriforceDrafter(new NoneDrafter(), Toy.Target(), sinks: -1));
        Assert.ThrowsAny<ArgumentException>(() => new TriforceDrafter(new NoneDrafter(), Toy.Target(), chunks: -1));
        Assert.ThrowsAny<ArgumentException>(() => new TriforceDrafter(new NoneDrafter(), Toy.Target(), length: 0));
        Assert.ThrowsAny<ArgumentException>(() => new TriforceDrafter(new NoneDrafter(), Toy.Target(), guesses: 0));
    }

    private static TriforceDrafter Make(string inner, ToyModel target) => new(inner switch
    {
        "ngram" => new NgramDrafter(),
        _ => new ModelDrafter(Toy.Draft(2), 2, confidence: 0),
    }, target, window: 8, sinks: 1, chunks: 1, length: 4);

    private static (double Length, long Forwards, long Rows) Run(Func<ToyModel, Drafter> make, float temperature)
    {
        ToyModel target = Toy.Target();
        Drafter drafter = make(target);
        ToyModel view = (ToyModel)drafter.Model!;
        var decoder = new Decoder(target, drafter, new Coupled(), new DecoderOptions { Budget = new FixedBudget(6) });
        decoder.Run(Toy.Sequences(temperature, 60));
        return (decoder.Statistics.AcceptedLength, view.Forwards, view.Evaluated);
    }
}
