using Percheron.Decoding;
using Percheron.Testing;
using Xunit;

namespace Percheron.Tests.Conformance;

/// <summary>
/// The enumerations answer all questions themselves; here the real sources do. Fixed seeds, so that a test is right or wrong once and for all. The last case is a rule that is
/// known to be wrong: it shows that the test has the power to see one.
/// </summary>
public class SampledLawTests
{
    private const int Length = 3, Vocab = 3;

    [Theory]
    [InlineData("none", "coupled", true)]
    [InlineData("model(depth=2, width=2)", "coupled", true)]
    [InlineData("model(depth=2, width=2)", "speculative-sampling", true)]
    [InlineData("model(depth=3)", "block", true)]
    [InlineData("fallback(ngram, model)", "speculative-sampling", true)]
    [InlineData("model(depth=2, width=2)", "traversal", true)]
    [InlineData("model(depth=2, width=2, tree=independent)", "k-seq", true)]
    [InlineData("model(depth=2, width=2, tree=independent)", "optimal", true)]
    [InlineData("model(depth=2, width=2, tree=best-and-one)", "greedy-plus-one", true)]
    [InlineData("model(depth=2)", "fixed-point", true)]
    [InlineData("model(depth=2, width=2)", "typical-acceptance", false)]
    [InlineData("model(depth=2)", "mentored", false)]
    public void Frequencies_of_texts_are_the_targets_law(string drafter, string verifier, bool exact)
    {
        const int count = 30_000;
        int[] prompt = [1, 2, 0, 1, 2];
        var host = new ToyHost(new ToyModel(Vocab, order: 2, seed: 3, sharpness: 4), noise: 2);
        Decoder decoder = CatalogPairs.Suite.Pair(drafter, verifier).NewDecoder(host, new DecoderOptions());
        double[] law = ExactLaw.OfTarget(host.Target, prompt, Length, SamplingSettings.Plain), seen = new double[law.Length];
        for (int i = 0; i < count; i++)
        {
            var sequence = new Sequence(prompt, new SequenceOptions { Sampling = SamplingSettings.Plain, MaxTokens = Length, Seed = (ulong)i });
            decoder.Run(sequence);
            int cell = 0;
            foreach (int token in sequence.Output) cell = (cell * Vocab) + token;
            seen[cell]++;
        }
        double square = seen.Zip(law, (s, p) => p > 0 ? Math.Pow(s - (p * count), 2) / (p * count) : s * 1e9).Sum();
        // 26 degrees of freedom: one in a million lies above 75.
        if (exact) Assert.InRange(square, 5, 75);
        else Assert.True(square > 500, $"{square}");
    }
}
