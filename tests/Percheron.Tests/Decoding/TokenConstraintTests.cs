using Percheron.Decoding;
using Percheron.Testing;
using Percheron.Verifiers;
using Xunit;

namespace Percheron.Tests.Decoding;

public class TokenConstraintTests
{
    private const int Vocab = 12, Stop = 11;

    private static readonly int[] Prompt = [1, 2, 3], Literal = [7, 0, 7, 7, 4, Stop];

    private static readonly Catalog Catalog = new();

    [Theory]
    [InlineData("none", "coupled")]
    [InlineData("ngram", "coupled")]
    [InlineData("model(depth=4, width=3)", "coupled")]
    [InlineData("model(depth=4, width=2)", "traversal")]
    [InlineData("model(depth=4, tree=chain)", "block")]
    [InlineData("model(depth=4, width=2)", "mtad")]
    public void A_text_that_is_laid_down_is_written_whatever_is_drafted(string drafter, string verifier)
    {
        foreach (float temperature in new[] { 0f, 1f })
        {
            Sequence sequence = Run(drafter, verifier, temperature, new SequenceOptions { Constraint = new LiteralConstraint(Literal), StopTokens = [Stop] });
            Assert.Equal(Literal, sequence.Output.ToArray());
            Assert.Equal(FinishReason.Stop, sequence.Finish);
        }
    }

    // The draft is masked too: where one token is allowed, a model proposes it and it is accepted.
    [Fact]
    public void A_model_drafts_what_the_constraint_allows()
    {
        int[] literal = [.. Enumerable.Range(0, 30).Select(i => i * i % 11), Stop];
        Sequence sequence = Run("model(depth=4, confidence=0)", "coupled", 1, new SequenceOptions { Constraint = new LiteralConstraint(literal), StopTokens = [Stop] });
        Assert.Equal(literal, sequence.Output.ToArray());
        Assert.True(sequence.Statistics.AcceptedLength > 4, $"{sequence.Statistics.AcceptedLength}");
    }

    [Theory]
    [InlineData("none")]
    [InlineData("model(depth=4, width=2)")]
    [InlineData("suffix")]
    public void No_stop_token_comes_before_the_least_length(string drafter)
    {
        // Every token but one would stop the text.
        int[] stops = [.. Enumerable.Range(0, Vocab - 1)];
        foreach (int least in new[] { 0, 1, 5, 20 })
        {
            Sequence sequence = Run(drafter, "coupled", 1, new SequenceOptions { StopTokens = stops, MinTokens = least });
            Assert.Equal(Enumerable.Repeat(Vocab - 1, least), sequence.Output[..least].ToArray());
            Assert.Equal(FinishReason.Stop, sequence.Finish);
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sequence(Prompt, new SequenceOptions { MinTokens = -1 }));
    }

    [Fact]
    public void A_constraint_that_allows_nothing_says_so()
    {
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => Run("none", "coupled", 1, new SequenceOptions { Constraint = new LiteralConstraint([3]) }));
        Assert.Contains("every token is forbidden", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Steps_under_a_constraint_allocate_nothing()
    {
        var host = new ToyHost(new ToyModel(Vocab), 1.5f);
        var decoder = new Decoder(host.Target, Catalog.Drafter("model(depth=4, width=2)", host), new Coupled());
        var sequence = new Sequence(Prompt, new SequenceOptions { Sampling = SamplingSettings.Plain, MaxTokens = 100_000, MinTokens = 90_000, StopTokens = [1], Constraint = new ToyConstraint() });
        for (int i = 0; i < 300; i++) decoder.Step([sequence]);
        int longest = 0;
        for (int i = 0, quiet = 0; i < 300; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            decoder.Step([sequence]);
            quiet = GC.GetAllocatedBytesForCurrentThread() == before ? quiet + 1 : 0;
            longest = Math.Max(longest, quiet);
        }
        Assert.True(longest >= 32, $"{longest}");
    }

    private static Sequence Run(string drafter, string verifier, float temperature, SequenceOptions options)
    {
        var host = new ToyHost(new ToyModel(Vocab), 1.5f);
        var sequence = new Sequence(Prompt, options with { Sampling = SamplingSettings.Plain with { Temperature = temperature }, MaxTokens = 60, Seed = 4 });
        new Decoder(host.Target, Catalog.Drafter(drafter, host), Catalog.Verifier(verifier, host)).Run(sequence);
        return sequence;
    }

    // One text and nothing else.
    private sealed class LiteralConstraint(int[] text) : ITokenConstraint
    {
        public int Start => 0;

        public int Advance(int state, int token) => state < text.Length && text[state] == token ? state + 1 : -1;

        public void Forbid(int state, Span<float> logits)
        {
            for (int token = 0; token < logits.Length; token++) if (Advance(state, token) < 0) logits[token] = float.NegativeInfinity;
        }
    }
}
