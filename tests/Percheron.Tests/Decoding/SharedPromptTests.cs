using Percheron.Decoding;
using Percheron.Planning;
using Percheron.Testing;
using Percheron.Verifiers;
using Xunit;

namespace Percheron.Tests.Decoding;

/// <summary>Several texts of one prompt: each is what it is alone, and the prompt is read once.</summary>
public class SharedPromptTests
{
    private const int Vocab = 12, Texts = 4;

    private static readonly int[] Prompt = [.. Enumerable.Range(0, 40).Select(i => i * i % Vocab)];

    [Theory]
    [InlineData("none", 256)]
    [InlineData("none", 7)]
    [InlineData("model(depth=3, width=2)", 256)]
    [InlineData("suffix", 16)]
    [InlineData("self", 7)]
    public void Every_text_is_the_one_it_is_alone_and_the_prompt_is_read_once(string drafter, int chunk)
    {
        Sequence[] together = NewBatch();
        (Decoder decoder, ToyHost host) = NewDecoder(drafter, chunk);
        decoder.Run(together);
        for (int i = 0; i < Texts; i++)
        {
            var alone = new Sequence(Prompt, Options() with { Seed = RandomSource.DeriveSeed(9, i) });
            NewDecoder(drafter, chunk).Decoder.Run(alone);
            Assert.Equal(alone.Tokens.ToArray(), together[i].Tokens.ToArray());
        }
        Assert.Equal(Texts, together.Select(s => string.Join(' ', s.Output.ToArray())).Distinct().Count());
        // The first reads the prompt; of the others only the last prompt token is evaluated.
        long drafted = decoder.Statistics.Offered;
        Assert.True(decoder.Statistics.Rows <= Prompt.Length + drafted + decoder.Statistics.Committed + Texts, $"{decoder.Statistics.Rows} rows");
        Assert.Equal(0, host.Target.LiveCaches);
    }

    [Fact]
    public void They_are_preempted_and_admitted_like_any_other()
    {
        Sequence[] together = NewBatch(), alone = NewBatch();
        var scheduler = new Scheduler(NewDecoder("model(depth=3)", 16).Decoder, maxRunning: 3, maxRows: 110);
        foreach (Sequence sequence in together.Reverse()) scheduler.Submit(sequence);
        while (scheduler.Step()) { }
        Assert.True(scheduler.Preemptions > 0);
        NewDecoder("none", 256).Decoder.Run(alone);
        for (int i = 0; i < Texts; i++) Assert.Equal(alone[i].Tokens.ToArray(), together[i].Tokens.ToArray());
    }

    [Fact]
    public void Without_the_first_one_they_read_the_prompt_themselves()
    {
        Sequence[] batch = NewBatch(), whole = NewBatch();
        NewDecoder("none", 256).Decoder.Run(batch.AsSpan(1));
        NewDecoder("none", 256).Decoder.Run(whole);
        for (int i = 1; i < Texts; i++) Assert.Equal(whole[i].Tokens.ToArray(), batch[i].Tokens.ToArray());
    }

    [Fact]
    public void What_cannot_be_shared_is_refused()
    {
        var first = new Sequence(Prompt, Options() with { Stops = [new Never()] });
        Assert.Throws<ArgumentException>(() => first.Another(1));
        Assert.Single(first.Another(1, [new Never()]).Options.Stops);
        Assert.Throws<ArgumentException>(() => first.Another(1, []).Another(2));
        Assert.Equal(9UL, first.Another(0, []).Options.Seed);
    }

    private static SequenceOptions Options() => new() { Sampling = SamplingSettings.Plain, MaxTokens = 30, Seed = 9 };

    private static Sequence[] NewBatch()
    {
        var first = new Sequence(Prompt, Options());
        return [first, .. Enumerable.Range(1, Texts - 1).Select(i => first.Another(i))];
    }

    private static (Decoder Decoder, ToyHost Host) NewDecoder(string drafter, int chunk)
    {
        var host = new ToyHost(new ToyModel(Vocab), 1.5f);
        return (new Decoder(host.Target, new Catalog().Drafter(drafter, host), new Coupled(), new DecoderOptions { ChunkRows = chunk, Budget = new FixedBudget(6) }), host);
    }

    private sealed class Never : IStopCondition
    {
        public int Cut(ReadOnlySpan<int> tokens, int from) => -1;
    }
}
