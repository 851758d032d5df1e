using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Drafters.Trees;
using Percheron.Tests.Decoding;
using Percheron.Verifiers;
using Xunit;

namespace Percheron.Tests.Drafters;

public class UnionDrafterTests
{
    /// <summary>Proposes given paths, fixed ones or each from a law of its own (for every token of it), and keeps what it saw of the step.</summary>
    private sealed class Proposer(int[][] paths, bool drawn = false, bool probes = false) : Drafter
    {
        public List<int> Path { get; } = [];

        public int Next { get; private set; } = -1;

        public List<float> Answers { get; } = [];

        public int Budget { get; private set; }

        protected override void Draft(Sequence sequence, TokenTree tree)
        {
            Budget = tree.Room;
            foreach (int[] path in paths)
            {
                int at = 0;
                foreach (int token in path)
                {
                    int child = drawn || probes ? -1 : tree.FindCandidate(at, token);
                    if (child < 0 && tree.Room == 0) return;
                    at = child >= 0 ? child : tree.Add(at, token, drawn ? Point(tree, token) : null, probes);
                }
            }
        }

        public override void Observe(in Step step)
        {
            Path.Clear();
            Path.AddRange(step.Acceptance.Path.ToArray().Select(step.Tree.Token));
            Next = step.Acceptance.HasNext ? step.Acceptance.Next : -1;
            Answers.Clear();
            for (int node = 0; node < step.Tree.Count && step.HasLogits; node++) Answers.Add(step.Logits(node)[0]);
        }

        private static Distribution Point(TokenTree tree, int token)
        {
            Distribution law = tree.RentLaw();
            law.Fill(2, out Span<int> tokens, out Span<float> probabilities);
            (tokens[0], tokens[1]) = (Math.Min(token, 11), 12);
            (probabilities[0], probabilities[1]) = (0.75f, 0.25f);
            return law;
        }
    }

    private static string Paths(TokenTree tree) =>
        string.Join(' ', Enumerable.Range(1, tree.Count - 1).Select(n => Path(tree, n) + (tree.Law(n) is null ? "" : "~") + (tree.IsProbe(n) ? "?" : "")));

    private static string Path(TokenTree tree, int node) => node == 0 ? "" : Path(tree, tree.Parent(node)) + tree.Token(node);

    private static TokenTree Join(int budget, params Drafter[] members)
    {
        var tree = new TokenTree();
        tree.Reset(3, 2, budget);
        new UnionDrafter(members).Draft([new DraftSlot(new Sequence([1, 2, 3], Toy.Options(1)), tree)]);
        return tree;
    }

    [Fact]
    public void Common_beginnings_are_one_path() =>
        Assert.Equal("1 5 12 14 57 123 129 121", Paths(Join(64, new Proposer([[1, 2, 3], [1, 4]]), new Proposer([[1, 2, 9], [5, 7]]), new Proposer([[1, 2, 1]]))));

    [Fact]
    public void Draws_come_first_keep_their_laws_and_stand_even_where_they_stand_already()
    {
        Assert.Equal("1~ 2 12~ 13", Paths(Join(64, new Proposer([[1, 3], [2]]), new Proposer([[1, 2]], drawn: true))));
        // Two that draw under one node: the second counts as fixed, is not repeated, and draws again where it is alone.
        Assert.Equal("1~ 4 12~ 13 45~", Paths(Join(64, new Proposer([[1, 2]], drawn: true), new Proposer([[1, 3], [4, 5]], drawn: true))));
        // One's own draws may be alike: each was made, so each stands.
        Assert.Equal("1~ 1~ 12", Paths(Join(64, new Proposer([[1], [1]], drawn: true), new Proposer([[1, 2]]))));
    }

    [Fact]
    public void Probes_stay_probes() => Assert.Equal("1 2 1? 12 12?", Paths(Join(64, new Proposer([[1, 2]], probes: true), new Proposer([[1, 2], [2]]))));

    [Fact]
    public void Members_share_the_budget_and_the_last_has_what_is_left()
    {
        Proposer first = new([[1, 2, 3, 4, 5, 6, 7, 8]]), second = new([[1]]), third = new([[9, 8, 7, 6, 5, 4, 3, 2, 1, 0]]);
        TokenTree tree = Join(9, first, second, third);
        Assert.Equal((3, 3, 5), (first.Budget, second.Budget, third.Budget));
        Assert.Equal("1 9 12 98 123 987 9876 98765", Paths(tree));
        Assert.Equal(1, Join(1, new Proposer([[4]]), new Proposer([[5]])).Candidates);
        Assert.Equal(0, Join(0, new Proposer([[4]]), new Proposer([[5]])).Candidates);
    }

    [Fact]
    public void Rows_are_dearer_behind_the_nodes_of_others()
    {
        var plan = new Rising();
        var tree = new TokenTree();
        var drafter = new UnionDrafter(new ModelDrafter(Toy.Draft(), depth: 2, confidence: 0), new ModelDrafter(Toy.Draft(1), depth: 3, confidence: 0));
        tree.Reset(3, 2, 20, plan, drafter);
        drafter.Draft([new DraftSlot(new Sequence([1, 2, 3], Toy.Options(0)), tree)]);
        Assert.Equal([0, 1, 2, 3, 4], plan.Asked.Distinct().Order());
        Assert.Equal(5, tree.Forwards);
    }

    private sealed class Rising : TreePlan
    {
        private readonly FlatPrice _free = new(0);

        public List<int> Asked { get; } = [];

        public override float Chance(Drafter author, float claim, bool drawn, int depth, int rank) => _free.Chance(author, claim, drawn, depth, rank);

        public override bool WorthRow(Drafter author, float chance, int nodes)
        {
            Asked.Add(nodes);
            return true;
        }

        public override bool WorthLevel(Drafter author, float chance, int depth, int nodes) => true;

        public override bool WorthReading(Drafter author, Sequence sequence, int rows) => true;

        public override float Gain(TokenTree tree) => 0;

        public override float Gain(Drafter author) => 0;
    }

    [Fact]
    public void Every_member_sees_the_step_as_that_of_its_own_proposal()
    {
        int[] plain = Toy.Plain(0)[0][5..];
        Proposer right = new([plain[..3]]), half = new([[plain[0], (plain[1] + 1) % 12], [plain[0], plain[1]]]), wrong = new([[(plain[0] + 1) % 12, 3]]);
        var alone = new[] { new Proposer([plain[..3]]), new Proposer([[plain[0], (plain[1] + 1) % 12], [plain[0], plain[1]]]), new Proposer([[(plain[0] + 1) % 12, 3]]) };
        var sequence = new Sequence(Toy.Prompts[0], Toy.Options(0));
        var decoder = new Decoder(Toy.Target(), new UnionDrafter(wrong, half, right), new Coupled());
        decoder.Step([sequence]);
        Assert.Equal(4, sequence.Output.Length);
        Assert.Equal(plain[..3], right.Path);
        Assert.Equal(plain[..2], half.Path);
        Assert.Empty(wrong.Path);
        Assert.Equal((plain[3], plain[2], plain[0]), (right.Next, half.Next, wrong.Next));
        foreach ((Proposer member, Proposer same) in new[] { right, half, wrong }.Zip(alone))
        {
            new Decoder(Toy.Target(), same, new Coupled()).Step([new Sequence(Toy.Prompts[0], Toy.Options(0))]);
            Assert.Equal(same.Answers, member.Answers);
        }
    }

    [Fact]
    public void A_union_in_a_union_says_the_same_as_one_of_all()
    {
        double flat = Toy.AcceptedLength(new UnionDrafter(new RecyclingDrafter(6, 3), new NgramDrafter(), new ModelDrafter(Toy.Draft(), 3, confidence: 0)), 0, budget: 300);
        double nested = Toy.AcceptedLength(new UnionDrafter(new UnionDrafter(new RecyclingDrafter(6, 3), new NgramDrafter()), new ModelDrafter(Toy.Draft(), 3, confidence: 0)), 0, budget: 300);
        Assert.Equal(flat, nested);
    }

    [Fact]
    public void It_accepts_at_least_as_much_as_each_member()
    {
        foreach (float temperature in new[] { 0f, 1f })
        {
            double both = Toy.AcceptedLength(new UnionDrafter(new RecyclingDrafter(8, 3), new ModelDrafter(Toy.Draft(), 4, confidence: 0)), temperature, budget: 100, tokens: 300);
            double model = Toy.AcceptedLength(new ModelDrafter(Toy.Draft(), 4, confidence: 0), temperature, budget: 100, tokens: 300);
            double table = Toy.AcceptedLength(new RecyclingDrafter(8, 3), temperature, budget: 100, tokens: 300);
            Assert.True(both > model && both > table, $"{both}, {model}, {table}");
        }
    }

    [Fact]
    public void A_model_among_others_evaluates_no_row_twice()
    {
        // A perfect draft's chain is accepted in full whatever the others add, so the model evaluates what it does alone.
        Percheron.Testing.ToyModel draft = Toy.Draft(noise: 0), same = Toy.Draft(noise: 0);
        Sequence sequence = new(Toy.Prompts[0], Toy.Options(1, tokens: 50)), other = new(Toy.Prompts[0], Toy.Options(1, tokens: 50));
        new Decoder(Toy.Target(), new UnionDrafter(new NgramDrafter(), new ModelDrafter(draft, 4, confidence: 0)), new Coupled()).Run(sequence);
        new Decoder(Toy.Target(), new ModelDrafter(same, 4, confidence: 0), new Coupled()).Run(other);
        Assert.Equal((same.Evaluated, same.Forwards), (draft.Evaluated, draft.Forwards));
    }

    [Fact]
    public void It_never_changes_the_text_and_allocates_nothing()
    {
        static Drafter Make() => new UnionDrafter(new LookaheadDrafter(3, 3, 2), new SjdDrafter(3), new ModelDrafter(Toy.Draft(), 3, 2, confidence: 0), new FallbackDrafter(new NgramDrafter(), new JacobiDrafter(3)));
        Toy.SaysWhatPlainDecodingSays(Make);
        Toy.AllocatesNothing(Make(), 1);
        Toy.SaysWhatPlainDecodingSays(() => new FallbackDrafter(new UnionDrafter(new NgramDrafter(min: 2), new NgramDrafter(max: 1, length: 2)), new ModelDrafter(Toy.Draft(), 3, confidence: 0)));
        Toy.SaysWhatPlainDecodingSays(() => new AheadDrafter(new UnionDrafter(new NgramDrafter(), new ModelDrafter(Toy.Draft(), 3, confidence: 0))));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_law_is_exact_with_two_that_draw_under_one_node(bool traversal)
    {
        Drafter Make() => new UnionDrafter(new ModelDrafter(ExactLaw.Draft(), 2, confidence: 0), new ModelDrafter(ExactLaw.Draft(3), 1, 2, new IndependentTree(), confidence: 0));
        Assert.InRange(ExactLaw.Distance(Make, length: 2, traversal ? new Traversal() : new SpeculativeSampling()), 0, 1e-6);
    }

    [Fact]
    public void Nobody_to_ask_is_an_error() => Assert.Throws<ArgumentException>(() => new UnionDrafter());
}
