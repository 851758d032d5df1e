using Percheron.Decoding;
using Percheron.Testing;
using Percheron.Verifiers;
using Xunit;

namespace Percheron.Tests.Verifiers;

public class TopKAcceptTests
{
    private static readonly double[] P = [0.5, 0.3, 0.15, 0.05];

    [Theory]
    [InlineData(0, 3, 1, 1)]
    [InlineData(1, 3, 1, 1)]
    [InlineData(2, 3, 1, 0.15)]      // log(0.5/0.15) = 1.2
    [InlineData(2, 3, 1.3, 1)]
    [InlineData(2, 2, 9, 0.15)]
    [InlineData(3, 4, 9, 1)]
    public void Rank_and_gap_decide_and_the_exact_rule_does_the_rest(int token, int k, double gap, double accepted)
    {
        var step = new OneStep(4, _ => P);
        step.Law((tree, _) => tree.Add(0, token), new TopKAccept(k, gap), 1);
        Assert.Equal(accepted, step.Accepted, 1e-6);
    }

    // At temperature 0 every law is a point; what is judged is the law of temperature 1.
    [Fact]
    public void At_temperature_0_a_second_best_token_is_judged_by_the_law_of_temperature_1()
    {
        var toy = new ToyModel(vocab: 12, order: 3, seed: 7, sharpness: 2);
        int[] prompt = [1, 2, 3];
        Sequence plain = Run(new SpeculativeSampling()), relaxed = Run(new TopKAccept(k: 3, gap: 3)), exact = Run(new TopKAccept(k: 0));
        Assert.Equal(plain.Tokens.ToArray(), exact.Tokens.ToArray());
        Assert.NotEqual(plain.Tokens.ToArray(), relaxed.Tokens.ToArray());
        Assert.True(relaxed.Statistics.AcceptedLength > plain.Statistics.AcceptedLength + 0.1, $"{relaxed.Statistics.AcceptedLength} against {plain.Statistics.AcceptedLength}");

        Sequence Run(Verifier verifier)
        {
            var sequence = new Sequence(prompt, new SequenceOptions { Sampling = SamplingSettings.Greedy, MaxTokens = 100 });
            new Decoder(toy, new Catalog().Drafter("model(depth=3)", new ToyHost(toy, 3)), verifier).Run(sequence);
            return sequence;
        }
    }
}
