using Percheron.Decoding;
using Percheron.Testing;
using Percheron.Verifiers;
using Xunit;

namespace Percheron.Tests.Verifiers;

public class FixedPointTests
{
    private static readonly int[] Prompt = [1, 2, 3];

    [Fact]
    public void It_shares_noise_and_is_lossless() => Assert.True(new FixedPoint().SharesNoise && new FixedPoint().IsLossless);

    [Theory]
    [InlineData(0f)]
    [InlineData(1f)]
    public void A_block_that_learns_from_the_answers_is_committed_when_it_stops_changing(float temperature)
    {
        var drafter = new Refining(4);
        Sequence sequence = Run(drafter, new FixedPoint(), temperature), plain = Run(new NoGuess(), new Coupled(), temperature);
        Assert.Equal(plain.Tokens.ToArray(), sequence.Tokens.ToArray());
        // Every commit is a whole block and the token behind it; Jacobi iteration fixes at least one more token of a block in each round.
        Assert.All(drafter.Commits, length => Assert.Equal(5, length));
        Assert.InRange(sequence.Statistics.Steps, drafter.Commits.Count + 1, 5 * drafter.Commits.Count);
    }

    [Fact]
    public void A_drafter_that_does_not_learn_costs_one_round()
    {
        var drafter = new Refining(4) { Learns = false };
        Sequence sequence = Run(drafter, new FixedPoint(), 0);
        Assert.Equal(Run(new NoGuess(), new Coupled(), 0).Tokens.ToArray(), sequence.Tokens.ToArray());
        Assert.InRange(sequence.Statistics.Steps, 1, 2 * drafter.Commits.Count);
    }

    [Fact]
    public void Under_fresh_numbers_nothing_that_was_drawn_is_given_away()
    {
        for (ulong seed = 0; seed < 4; seed++)
        {
            ulong s = seed;
            var step = new OneStep(3, path => path.Length == 0 ? [0, 1, 0] : OneStep.Random(3, s, path));
            LawAssert.Equal(step.Own(3), step.Law((tree, _) => tree.Add(tree.Add(0, 1), 2), new FixedPoint(), 3));
        }
    }

    private static Sequence Run(Drafter drafter, Verifier verifier, float temperature)
    {
        var sequence = new Sequence(Prompt, new SequenceOptions { Sampling = SamplingSettings.Plain with { Temperature = temperature }, MaxTokens = 40, Seed = 3 });
        new Decoder(new ToyModel(vocab: 12, order: 3, seed: 7), drafter, verifier).Run(sequence);
        return sequence;
    }

    private sealed class NoGuess : Drafter;

    // A chain of the target's own answers to the chain before.
    private sealed class Refining(int length) : Drafter
    {
        private readonly int[] _block = new int[length];

        public bool Learns { get; init; } = true;

        public List<int> Commits { get; } = [];

        protected override void Draft(Sequence sequence, TokenTree tree)
        {
            for (int i = 0, at = 0; i < _block.Length; i++) at = tree.Add(at, _block[i]);
        }

        public override void Observe(in Step step)
        {
            if (step.Acceptance.HasNext)
            {
                Commits.Add(step.Acceptance.Path.Length + 1);
                return;
            }
            if (!Learns || !step.HasLogits) return;
            var sampler = new Sampler();
            var law = new Distribution();
            for (int i = 0; i < _block.Length; i++)
            {
                sampler.Law(step.Logits(i), step.Sequence, step.Tree, i, law);
                _block[i] = step.Sequence.Random.Draw(step.Tree.Position(i) + 1, law);
            }
        }
    }
}
