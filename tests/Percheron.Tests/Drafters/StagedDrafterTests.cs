using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Drafters.Trees;
using Percheron.Models;
using Percheron.Planning;
using Percheron.Testing;
using Percheron.Verifiers;
using Xunit;

namespace Percheron.Tests.Drafters;

public class StagedDrafterTests
{
    /// <summary>Writes down every proposal as it is shown to the target, laws included.</summary>
    private sealed class Notes : IStepObserver
    {
        public List<string> Trees { get; } = [];

        public void Observe(in Step step)
        {
            TokenTree tree = step.Tree;
            Trees.Add(string.Join(' ', Enumerable.Range(1, tree.Count - 1).Select(n => $"{tree.Parent(n)}>{tree.Token(n)} {tree.Claim(n)} {Law(tree, n)}")));
        }

        private static string Law(TokenTree tree, int node) =>
            tree.Law(node) is not { } law ? "-" : $"{Enumerable.Range(1, node).First(other => tree.Law(other) == law)}:{string.Join(',', law.Probabilities.ToArray())}";
    }

    /// <summary>Knows what another drafter learned of it.</summary>
    private sealed class Listener(params int[] guess) : Drafter
    {
        public List<string> Heard { get; } = [];

        public override FeatureSet Features => guess.Length == 0 ? new FeatureSet(1) : FeatureSet.None;

        protected override void Draft(Sequence sequence, TokenTree tree)
        {
            Heard.Add($"asked at {sequence.Count}");
            int at = 0;
            foreach (int token in guess) if (tree.Room > 0) at = tree.Add(at, token);
        }

        public override void Observe(in Step step) => Heard.Add($"{string.Join(',', step.Acceptance.Path.ToArray().Select(step.Tree.Token))}:{step.Acceptance.Next} at {step.Sequence.Count} best {Best(step)}");

        private static string Best(Step step)
        {
            var best = new List<int>();
            for (int node = 0; node < step.Tree.Count; node++) best.Add(step.Logits(node).IndexOf(System.Numerics.Tensors.TensorPrimitives.Max(step.Logits(node))));
            return string.Join(',', best);
        }
    }

    public static TheoryData<string, int> Shapes => new()
    {
        { "chain", 1 }, { "sampled", 2 }, { "top-k", 2 }, { "spec-exec", 2 }, { "sequoia", 3 }, { "static", 3 }, { "stochastic-beam", 3 }, { "best-and-one", 2 }, { "independent", 2 }, { "opt", 2 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void The_tree_is_the_one_that_grows_without_guesses_and_takes_fewer_forwards(string shape, int width)
    {
        foreach (float temperature in new[] { 0f, 1f })
            foreach (int budget in new[] { 3, 24 })
            {
                (List<string> trees, ToyModel alone) = Run((draft, tree) => new ModelDrafter(draft, 5, width, tree), shape, temperature, budget);
                (List<string> same, ToyModel right) = Run((draft, tree) => new StagedDrafter(new ModelDrafter(Toy.Draft(), 4, width, confidence: 0), draft, width == 1 ? 4 : 64, 5, width, tree), shape, temperature, budget);
                Assert.Equal(trees, same);
                Assert.True(right.Forwards < alone.Forwards, $"{right.Forwards} forwards of {alone.Forwards}");
                (same, ToyModel wrong) = Run((draft, tree) => new StagedDrafter(new ModelDrafter(Toy.Draft(9), 2, 2, confidence: 0), draft, 5, 5, width, tree), shape, temperature, budget);
                Assert.Equal(trees, same);
                Assert.InRange(wrong.Forwards, 1, alone.Forwards);
            }
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(1f)]
    public void A_perfect_guess_makes_one_forward_of_four_levels(float temperature)
    {
        ToyModel draft = Toy.Draft(noise: 0), small = Toy.Draft(noise: 0);
        var sequence = new Sequence([1, 2, 3], Toy.Options(temperature, 50));
        var decoder = new Decoder(Toy.Target(), new StagedDrafter(new ModelDrafter(small, 3, confidence: 0), draft, 3, 4, confidence: 0), new Coupled());
        decoder.Run(sequence);
        Assert.Equal(10, decoder.Statistics.Steps);
        Assert.Equal(10, draft.Forwards);
        // No row of the draft twice: what it lacks of the text, then three guesses, in each step but the first.
        Assert.Equal(3 + 3 + (9 * (2 + 3)), draft.Evaluated);
    }

    [Fact]
    public void The_inner_drafter_learns_what_the_draft_has_chosen()
    {
        // The draft is perfect and greedy, so its choices are the text of plain decoding.
        int[] plain = Toy.Plain(0)[0][5..];
        int wrong = (plain[2] + 1) % Toy.Vocab;
        Listener inner = new(plain[0], plain[1], wrong);
        var tree = new TokenTree();
        tree.Reset(5, 4, 64);
        new StagedDrafter(inner, Toy.Draft(noise: 0), 3, 5, confidence: 0).Draft([new DraftSlot(new Sequence(Toy.Prompts[0], Toy.Options(0)), tree)]);
        Assert.Equal(plain[..5], Enumerable.Range(1, 5).Select(tree.Token));
        Assert.Equal("asked at 5", inner.Heard[0]);
        Assert.StartsWith($"{plain[0]},{plain[1]}:{plain[2]} at 8 best {plain[0]},{plain[1]},{plain[2]},", inner.Heard[1], StringComparison.Ordinal);
        Assert.Equal("asked at 8", inner.Heard[2]);
        Assert.Equal(2, tree.Forwards - 1);
    }

    [Theory]
    [InlineData("ngram")]
    [InlineData("suffix")]
    [InlineData("model")]
    [InlineData("recycling")]
    [InlineData("lookahead")]
    public void It_never_changes_the_text_and_allocates_nothing(string inner)
    {
        Toy.SaysWhatPlainDecodingSays(() => Make(inner, 1));
        Toy.AllocatesNothing(Make(inner, 1), 0);
        Toy.AllocatesNothing(Make(inner, 2), 1);
    }

    [Fact]
    public void Near_the_end_of_the_drafts_context_the_tree_is_the_same_too()
    {
        foreach (int context in new[] { 1, 9, 20, 30 })
        {
            (List<string> trees, _) = Run((draft, _) => new ModelDrafter(draft, 5, 2, confidence: 0), "sampled", 1, 24, context);
            (List<string> same, _) = Run((draft, _) => new StagedDrafter(new NgramDrafter(), draft, 8, 5, 2, confidence: 0), "sampled", 1, 24, context);
            Assert.Equal(trees, same);
        }
    }

    [Fact]
    public void Senseless_options_are_refused()
    {
        Assert.ThrowsAny<ArgumentException>(() => new StagedDrafter(new NoneDrafter(), Toy.Draft(), guesses: 0));
        Assert.ThrowsAny<ArgumentException>(() => new StagedDrafter(new NoneDrafter(), Toy.Draft(), guesses: 65));
        Assert.Contains("hidden states", Assert.Throws<ArgumentException>(() => new StagedDrafter(new Listener(), Toy.Draft())).Message, StringComparison.Ordinal);
    }

    private static StagedDrafter Make(string inner, int width) => new(inner switch
    {
        "ngram" => new NgramDrafter(),
        "suffix" => new SuffixDrafter(threshold: 0.1),
        "recycling" => new RecyclingDrafter(),
        "lookahead" => new LookaheadDrafter(2, 2, 2),
        _ => new ModelDrafter(Toy.Draft(2), 3, 2, confidence: 0),
    }, Toy.Draft(), 6, 5, width, confidence: 0);

    private static (List<string> Trees, ToyModel Draft) Run(Func<IModel, TreeShape, Drafter> make, string shape, float temperature, int budget, int context = 1 << 20)
    {
        ToyModel draft = Toy.Draft(context: context);
        TreeShape tree = shape switch
        {
            "chain" => new ChainTree(),
            "top-k" => new TopKTree(),
            "spec-exec" => new SpecExecTree(2),
            "sequoia" => new SequoiaTree(),
            "static" => new StaticTree(),
            "stochastic-beam" => new StochasticBeamTree(),
            "best-and-one" => new BestAndOneTree(),
            "independent" => new IndependentTree(),
            "opt" => new OptTree(),
            _ => new SampledTree(),
        };
        Notes notes = new();
        var decoder = new Decoder(Toy.Target(), make(draft, tree), new Coupled(), new DecoderOptions { Budget = new FixedBudget(budget), Observer = notes });
        decoder.Run(Toy.Sequences(temperature, 40));
        return (notes.Trees, draft);
    }
}
