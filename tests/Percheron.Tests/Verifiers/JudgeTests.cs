using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Models.Heads;
using Percheron.Testing;
using Percheron.Tests.Drafters;
using Percheron.Verifiers;
using Xunit;

namespace Percheron.Tests.Verifiers;

public class JudgeTests
{
    [Fact]
    public void A_judge_that_is_always_sure_accepts_what_can_be_said_and_one_at_1_is_exact()
    {
        ToyModel target = Toy.Target();
        JudgeHead sure = new(target.LayerCount + 1, [0, 0, 0, 0], 5);
        DecodingStatistics Run(Verifier verifier, Sequence[] sequences)
        {
            var decoder = new Decoder(target, new ModelDrafter(Toy.Draft(), depth: 4, confidence: 0), verifier);
            decoder.Run(sequences);
            return decoder.Statistics;
        }
        Sequence[] all = Toy.Sequences(1), exact = Toy.Sequences(0);
        DecodingStatistics statistics = Run(new Judge(sure), all);
        Assert.Equal(5, statistics.AcceptedLength, 1);
        Run(new Judge(sure, 1), exact);
        int[][] plain = Toy.Plain(0);
        for (int i = 0; i < plain.Length; i++) Assert.Equal(plain[i], exact[i].Tokens.ToArray());
    }

    [Fact]
    public void It_reads_the_state_of_the_candidates_own_row()
    {
        // A toy's state begins with its newest token plus one: this judge takes tokens below 5.
        ToyModel target = Toy.Target();
        JudgeHead small = new(target.LayerCount + 1, [-10, 0, 0, 0], 55);
        var sequence = new Sequence([1, 2, 3], Toy.Options(0, 200));
        var watch = new Watch();
        new Decoder(target, new ModelDrafter(Toy.Draft(6), depth: 4, confidence: 0), new Judge(small), new DecoderOptions { Observer = watch }).Run(sequence);
        Assert.True(watch.Taken > 20 && watch.Refused > 20, $"{watch.Taken} taken, {watch.Refused} refused");
    }

    [Fact]
    public void A_judge_of_another_target_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new JudgeHead(5, [], 0));
        Assert.Throws<ArgumentException>(() => new JudgeHead(5, [float.NaN], 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Judge(new JudgeHead(5, [1], 0), 1.5));
        ArgumentException error = Assert.Throws<ArgumentException>(() => new JudgeHead(5, [1, 2], 0).Probability([1f]));
        Assert.Contains("another model", error.Message);
    }

    private sealed class Watch : IStepObserver
    {
        public int Taken { get; private set; }

        public int Refused { get; private set; }

        public void Observe(in Step step)
        {
            int at = 0;
            foreach (int node in step.Acceptance.Path)
            {
                if (step.Tree.Token(node) != Sampler.ArgMax(step.Logits(at)))
                {
                    Assert.True(step.Tree.Token(node) < 5);
                    Taken++;
                }
                at = node;
            }
            if (step.Tree.FirstCandidate(at) is not (>= 0 and var child)) return;
            Assert.True(step.Tree.Token(child) >= 5);
            Refused++;
        }
    }
}
