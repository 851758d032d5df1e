using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Testing;
using Percheron.Verifiers;
using Xunit;

namespace Percheron.Tests.Drafters;

public class CascadeDrafterTests
{
    private static ToyModel Middle() => Toy.Draft(noise: 0.7f);

    public static TheoryData<string> Inner => ["ngram", "suffix", "model", "tree", "self", "cascade", "none"];

    [Theory]
    [MemberData(nameof(Inner))]
    public void It_never_changes_the_text(string inner) => Toy.SaysWhatPlainDecodingSays(() => Make(inner));

    [Theory]
    [MemberData(nameof(Inner))]
    public void Steady_steps_allocate_nothing(string inner)
    {
        Toy.AllocatesNothing(Make(inner), 0);
        Toy.AllocatesNothing(Make(inner), 1);
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(1f)]
    public void A_perfect_middle_model_is_accepted_in_full_whatever_drafts_for_it(float temperature)
    {
        foreach (float noise in new[] { 0f, 1.5f })
            Assert.Equal(5, Toy.AcceptedLength(new CascadeDrafter(Toy.Draft(noise: 0), new ModelDrafter(Toy.Draft(noise), 3, confidence: 0)), temperature));
        Assert.Equal(5, Toy.AcceptedLength(new CascadeDrafter(Toy.Draft(noise: 0), new NgramDrafter()), temperature));
        Assert.Equal(3, Toy.AcceptedLength(new CascadeDrafter(Toy.Draft(noise: 0), new NgramDrafter()), temperature, budget: 2));
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(1f)]
    public void A_perfect_inner_drafter_saves_the_middle_model_its_forwards(float temperature)
    {
        ToyModel middle = Toy.Draft(noise: 0), small = Toy.Draft(noise: 0);
        var sequence = new Sequence([1, 2, 3], Toy.Options(temperature, 50));
        var decoder = new Decoder(Toy.Target(), new CascadeDrafter(middle, new ModelDrafter(small, 3, confidence: 0), length: 4, budget: 3), new Coupled());
        decoder.Run(sequence);
        Assert.Equal(10, decoder.Statistics.Steps);
        Assert.Equal(10, middle.Forwards);
        // No row twice: the target's own token and the last drafted one, then three candidates, in each step but the first.
        Assert.Equal(3 + 3 + (9 * (2 + 3)), middle.Evaluated);
        Assert.Equal(3 + 2 + (9 * (3 + 2)), small.Evaluated);
    }

    [Theory]
    [InlineData(0f, 1)]
    [InlineData(1f, 1)]
    [InlineData(0f, 2)]
    [InlineData(1f, 2)]
    public void The_inner_draft_takes_back_what_the_target_refused(float temperature, int width)
    {
        // The inner model is the middle model, so one forward of it confirms the whole draft, also after the target has thrown half of the last one away.
        ToyModel middle = Middle();
        var sequence = new Sequence([1, 2, 3], Toy.Options(temperature, 200));
        var decoder = new Decoder(Toy.Target(), new CascadeDrafter(middle, new ModelDrafter(Middle(), 3, width, confidence: 0), length: 4, budget: 14), new Coupled());
        decoder.Run(sequence);
        Assert.InRange(decoder.Statistics.AcceptedLength, 3, 4.5);
        Assert.Equal(decoder.Statistics.Steps, middle.Forwards);
    }

    [Fact]
    public void A_batch_is_one_forward_of_the_middle_model_for_each_of_its_steps()
    {
        ToyModel middle = Middle();
        var decoder = new Decoder(Toy.Target(), new CascadeDrafter(middle, new NoneDrafter(), length: 3), new Coupled());
        decoder.Step(Toy.Sequences(1));
        Assert.Equal(3, middle.Forwards);
    }

    [Fact]
    public void Accepted_lengths_are_the_approved_ones() =>
        Assert.Equal([3.88, 4.1, 4.1], new[] { Length("ngram", 0), Length("ngram", 1), Length("model", 1) });

    [Fact]
    public void Every_token_carries_the_middle_models_law()
    {
        foreach ((Verifier? verifier, bool law) in new (Verifier?, bool)[] { (null, true), (new Coupled(), true), (new SpeculativeSampling(), true), (new TypicalAcceptance(), false) })
        {
            var tree = new TokenTree();
            var sequence = new Sequence([1, 2, 3], Toy.Options(1)) { Random = new SeededRandom(1) };
            tree.Reset(3, 2, 8);
            new CascadeDrafter(Middle(), new ModelDrafter(Toy.Draft(), 3, confidence: 0), verifier: verifier).Draft([new DraftSlot(sequence, tree)]);
            Assert.Equal(5, tree.Count);
            int[] newest = [3, 2, 1];
            float[] logits = new float[Toy.Vocab];
            var expected = new Distribution();
            for (int node = 1; node < tree.Count; node++)
            {
                Assert.Equal(node - 1, tree.Parent(node));
                Middle().Logits(newest, logits);
                new Sampler().Law(logits, SamplingSettings.Plain, expected);
                Assert.Equal(law, tree.Law(node) is not null);
                if (law) Assert.Equal(expected.Probabilities.ToArray(), tree.Law(node)!.Probabilities.ToArray());
                newest = [tree.Token(node), .. newest];
            }
        }
    }

    [Fact]
    public void The_law_of_the_text_is_exact_under_fresh_randomness()
    {
        foreach (Func<Verifier?> verifier in new Func<Verifier?>[] { () => null, () => new SpeculativeSampling() })
            Assert.InRange(ExactLaw.Distance(() => new CascadeDrafter(ExactLaw.Draft(1), new ModelDrafter(ExactLaw.Draft(2), 1, confidence: 0), length: 2, budget: 1, verifier: verifier()), length: 2), 0, 1e-6);
    }

    [Fact]
    public void Near_the_end_of_the_middle_models_context_nothing_is_drafted()
    {
        int[][] plain = Toy.Plain(1);
        foreach (int context in new[] { 1, 9, 20, 30 })
        {
            Sequence[] sequences = Toy.Sequences(1);
            var decoder = new Decoder(Toy.Target(), new CascadeDrafter(Toy.Draft(0, context), new ModelDrafter(Toy.Draft(1, context), 3, confidence: 0)), new Coupled());
            decoder.Run(sequences);
            for (int i = 0; i < sequences.Length; i++) Assert.Equal(plain[i], sequences[i].Tokens.ToArray());
            Assert.Equal(context > 1, decoder.Statistics.Accepted > 0);
        }
    }

    [Fact]
    public void Another_vocabulary_and_senseless_options_are_refused()
    {
        var decoder = new Decoder(Toy.Target(), new CascadeDrafter(new ToyModel(Toy.Vocab - 1), new NoneDrafter()), new Coupled());
        Assert.Contains("11 tokens and the target 12", Assert.Throws<ArgumentException>(() => decoder.Step(Toy.Sequences(0))).Message, StringComparison.Ordinal);
        Assert.ThrowsAny<ArgumentException>(() => new CascadeDrafter(Middle(), new NoneDrafter(), length: 0));
        Assert.ThrowsAny<ArgumentException>(() => new CascadeDrafter(Middle(), new NoneDrafter(), budget: -1));
    }

    private static double Length(string inner, float temperature) => Toy.AcceptedLength(Make(inner), temperature, tokens: 200);

    private static CascadeDrafter Make(string inner)
    {
        ToyModel middle = Middle();
        return new CascadeDrafter(middle, inner switch
        {
            "ngram" => new NgramDrafter(),
            "suffix" => new SuffixDrafter(threshold: 0.1),
            "model" => new ModelDrafter(Toy.Draft(), 3, confidence: 0),
            "tree" => new ModelDrafter(Toy.Draft(), 3, 2, confidence: 0),
            "self" => new SelfDrafter(middle, depth: 3),
            "cascade" => new CascadeDrafter(Toy.Draft(noise: 1), new ModelDrafter(Toy.Draft(), 2, confidence: 0), length: 3, budget: 2),
            _ => new NoneDrafter(),
        });
    }
}
