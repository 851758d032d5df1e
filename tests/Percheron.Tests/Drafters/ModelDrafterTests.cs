using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Drafters.Trees;
using Percheron.Models;
using Percheron.Testing;
using Percheron.Verifiers;
using Xunit;

namespace Percheron.Tests.Drafters;

public class ModelDrafterTests
{
    public static TheoryData<int, int, Type, double> Shapes => new()
    {
        { 5, 1, typeof(SampledTree), 0 }, { 5, 1, typeof(ChainTree), 0.5 }, { 3, 2, typeof(SampledTree), 0 }, { 3, 3, typeof(SampledTree), 0.4 },
        { 3, 3, typeof(TopKTree), 0 }, { 4, 2, typeof(TopKTree), 0.5 }, { 1, 4, typeof(TopKTree), 0 },
        { 3, 3, typeof(BestAndOneTree), 0 }, { 3, 2, typeof(IndependentTree), 0.4 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void It_never_changes_the_text(int depth, int width, Type tree, double confidence) =>
        Toy.SaysWhatPlainDecodingSays(() => new ModelDrafter(Toy.Draft(), depth, width, Toy.Shape(tree), confidence));

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Steady_steps_allocate_nothing(int depth, int width, Type tree, double confidence)
    {
        foreach (float temperature in new[] { 0f, 1f }) Toy.AllocatesNothing(new ModelDrafter(Toy.Draft(), depth, width, Toy.Shape(tree), confidence), temperature);
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(1f)]
    public void A_perfect_draft_is_accepted_in_full_step_after_step(float temperature)
    {
        // 61 tokens: the first step reads the prompt, too; every step commits the whole draft and one token more.
        foreach (int depth in new[] { 1, 2, 4 })
            Assert.Equal(depth + 1, Toy.AcceptedLength(new ModelDrafter(Toy.Draft(noise: 0), depth, confidence: 0), temperature, tokens: 6 * (depth + 1)));
        Assert.Equal(4, Toy.AcceptedLength(new ModelDrafter(Toy.Draft(noise: 0), 3, 2, confidence: 0), temperature, tokens: 60));
        Assert.Equal(3, Toy.AcceptedLength(new ModelDrafter(Toy.Draft(noise: 0), 6, confidence: 0), temperature, budget: 2, tokens: 60));
    }

    [Fact]
    public void Accepted_lengths_are_the_approved_ones()
    {
        (string, double, double)[] measured = [.. new[] { (5, 1, typeof(ChainTree)), (4, 2, typeof(SampledTree)), (4, 2, typeof(TopKTree)), (4, 4, typeof(SampledTree)), (4, 4, typeof(TopKTree)) }
            .Select(s => ($"{s.Item1} {s.Item2} {s.Item3.Name[..^4]}", Length(s, 0), Length(s, 1)))];
        Assert.Equal([("5 1 Chain", 2.51, 3.86), ("4 2 Sampled", 3.89, 4.12), ("4 2 TopK", 3.89, 1.97), ("4 4 Sampled", 3.91, 4.02), ("4 4 TopK", 3.91, 2.31)], measured);

        static double Length((int Depth, int Width, Type Tree) shape, float temperature) =>
            Toy.AcceptedLength(new ModelDrafter(Toy.Draft(), shape.Depth, shape.Width, Toy.Shape(shape.Tree), confidence: 0), temperature, budget: 12, tokens: 200);
    }

    [Fact]
    public void Best_and_one_is_the_best_tokens_and_a_draw_from_the_others()
    {
        for (ulong seed = 0; seed < 20; seed++)
        {
            TokenTree tree = Proposal(typeof(BestAndOneTree), 3, seed, out float[] q);
            int[] order = [.. Enumerable.Range(0, q.Length).OrderByDescending(x => q[x])];
            Assert.Equal((3, order[0], order[1]), (tree.Candidates, tree.Token(1), tree.Token(2)));
            Assert.True(tree.Law(1) is null && tree.Law(2) is null);
            Distribution rest = tree.Law(3)!;
            Assert.DoesNotContain(tree.Token(3), order[..2]);
            Assert.Equal(0, rest[order[0]] + rest[order[1]]);
            foreach (int x in order[2..]) Assert.Equal(q[x] / (1 - q[order[0]] - q[order[1]]), rest[x], 1e-5f);
        }
    }

    [Fact]
    public void Independent_chains_part_at_the_root_and_have_their_laws_to_themselves()
    {
        bool alike = false;
        for (ulong seed = 0; seed < 20; seed++)
        {
            TokenTree tree = Proposal(typeof(IndependentTree), 9, seed, out float[] q);
            int[] starts = [.. Enumerable.Range(1, 8).Where(n => tree.Parent(n) == 0)];
            Assert.Equal([1, 2, 3], starts);
            Assert.Equal(9, tree.Candidates);
            Assert.All(Enumerable.Range(1, 9), n => Assert.True(tree.FirstCandidate(n) is -1 || tree.NextCandidate(tree.FirstCandidate(n)) < 0));
            Assert.Equal(9, Enumerable.Range(1, 9).Select(n => tree.Law(n)).Distinct().Count());
            foreach (int start in starts) Assert.Equal(q[tree.Token(start)], tree.Law(start)![tree.Token(start)], 1e-6f);
            alike |= starts.Select(tree.Token).Distinct().Count() < 3;
        }
        Assert.True(alike);
    }

    private static TokenTree Proposal(Type shape, int budget, ulong seed, out float[] q)
    {
        ToyModel draft = Toy.Draft();
        var sequence = new Sequence([1, 2, 3, 4, 5], Toy.Options(1) with { Random = new SeededRandom(seed) });
        var tree = new TokenTree();
        tree.Reset(5, 4, budget);
        new ModelDrafter(draft, depth: budget / 3, width: 3, Toy.Shape(shape), confidence: 0).Draft([new DraftSlot(sequence, tree)]);
        q = new float[draft.Vocab];
        draft.Logits([5, 4, 3, 2, 1], q);
        float[] weights = [.. q.Select(MathF.Exp)];
        q = [.. weights.Select(w => w / weights.Sum())];
        return tree;
    }

    [Fact]
    public void No_row_is_evaluated_twice()
    {
        // Perfect chain of 4 levels: each step evaluates the last accepted candidate, the root and 3 candidates; the prompt is read once.
        ToyModel draft = Toy.Draft(noise: 0);
        var sequence = new Sequence([1, 2, 3, 4, 5], Toy.Options(1, tokens: 50));
        var decoder = new Decoder(Toy.Target(), new ModelDrafter(draft, 4, confidence: 0), new Coupled());
        decoder.Run(sequence);
        Assert.Equal(10, decoder.Statistics.Steps);
        Assert.Equal(5 + 3 + (9 * (2 + 3)), draft.Evaluated);
        Assert.Equal(10 * 4, draft.Forwards);
    }

    [Fact]
    public void One_forward_for_each_level_of_the_whole_batch()
    {
        ToyModel draft = Toy.Draft();
        var decoder = new Decoder(Toy.Target(), new ModelDrafter(draft, depth: 3, width: 2, confidence: 0), new Coupled());
        decoder.Step(Toy.Sequences(1));
        Assert.Equal(3, draft.Forwards);
    }

    [Fact]
    public void A_long_prompt_is_read_in_chunks()
    {
        var rows = new LargestForward(Toy.Draft(noise: 0));
        int[] prompt = [.. Enumerable.Range(0, 1000).Select(i => i % Toy.Vocab)];
        Sequence[] batch = [new Sequence(prompt, Toy.Options(1, 20)), new Sequence(prompt.AsSpan(0, 600), Toy.Options(1, 20)), new Sequence([1], Toy.Options(1, 20))];
        var decoder = new Decoder(Toy.Target(), new ModelDrafter(rows, 4, confidence: 0), new Coupled());
        decoder.Run(batch);
        Assert.Equal(5, decoder.Statistics.AcceptedLength);
        Assert.Equal(256, rows.Largest);
    }

    [Fact]
    public void A_sequence_longer_than_the_drafts_context_gets_no_drafts()
    {
        int[][] plain = Toy.Plain(1);
        foreach (int context in new[] { 1, 4, 20, 30 })
        {
            Sequence[] sequences = Toy.Sequences(1);
            var decoder = new Decoder(Toy.Target(), new ModelDrafter(Toy.Draft(noise: 0, context), 4, 2, confidence: 0), new Coupled());
            decoder.Run(sequences);
            for (int i = 0; i < sequences.Length; i++) Assert.Equal(plain[i], sequences[i].Tokens.ToArray());
            if (context > 1) Assert.True(decoder.Statistics.Accepted > 0);
        }
    }

    [Fact]
    public void Another_vocabulary_is_refused_before_anything_is_proposed()
    {
        var decoder = new Decoder(Toy.Target(), new ModelDrafter(new ToyModel(Toy.Vocab + 1), confidence: 0), new Coupled());
        ArgumentException e = Assert.Throws<ArgumentException>(() => decoder.Step(Toy.Sequences(0)));
        Assert.Contains("13 tokens and the target 12", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Senseless_options_are_refused()
    {
        Assert.ThrowsAny<ArgumentException>(() => new ModelDrafter(Toy.Draft(), depth: 0));
        Assert.ThrowsAny<ArgumentException>(() => new ModelDrafter(Toy.Draft(), width: 0));
        Assert.ThrowsAny<ArgumentException>(() => new ModelDrafter(Toy.Draft(), width: 2, tree: new ChainTree()));
        Assert.ThrowsAny<ArgumentException>(() => new ModelDrafter(Toy.Draft(), confidence: 1.5));
        Assert.ThrowsAny<ArgumentException>(() => new ModelDrafter(Toy.Draft(), confidence: double.NaN));
    }

    [Fact]
    public void Nodes_say_how_they_were_drawn()
    {
        foreach ((Type shape, float temperature, bool law) in new[] { (typeof(SampledTree), 1f, true), (typeof(SampledTree), 0f, false), (typeof(TopKTree), 1f, false), (typeof(TopKTree), 0f, false) })
        {
            var spy = new Spy(new ModelDrafter(Toy.Draft(), 3, 2, Toy.Shape(shape), confidence: 0));
            new Decoder(Toy.Target(), spy, new Coupled()).Run(Toy.Sequences(temperature, 10));
            Assert.Equal(law ? 1 : 0, spy.WithLaw, 1e-9);
            Assert.Equal(0, spy.Wrong);
        }
    }

    [Fact]
    public void A_top_k_tree_holds_the_most_probable_paths()
    {
        // With a budget of 1, 2, 3 … nodes the tree grows by one node each time: the best n paths are among the best n + 1.
        var before = new HashSet<string>();
        for (int budget = 1; budget <= 12; budget++)
        {
            var tree = new TokenTree();
            var sequence = new Sequence([1, 2, 3], Toy.Options(1)) { Random = new SeededRandom(1) };
            tree.Reset(3, 2, budget);
            new ModelDrafter(Toy.Draft(), depth: 3, width: 3, tree: new TopKTree(), confidence: 0).Draft([new DraftSlot(sequence, tree)]);
            HashSet<string> paths = [.. Enumerable.Range(1, tree.Count - 1).Select(n => Path(tree, n))];
            Assert.Equal(budget, paths.Count);
            Assert.Superset(before, paths);
            before = paths;
        }
    }

    [Fact]
    public void Confidence_keeps_the_doubtful_token_and_stops_behind_it()
    {
        Assert.Equal(1, Toy.AcceptedLength(new ModelDrafter(Toy.Draft(noise: 0), 4, confidence: 1), 1) - 1, 0.02);
        double some = Toy.AcceptedLength(new ModelDrafter(Toy.Draft(noise: 0), 4, confidence: 0.5), 1);
        Assert.InRange(some, 2.05, 4.5);
        Assert.Equal(5, Toy.AcceptedLength(new ModelDrafter(Toy.Draft(noise: 0), 4, confidence: 0.01), 1), 0.25);
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(1f)]
    public void Confidence_is_that_of_the_whole_path(float temperature)
    {
        // A law of two tokens with 3 : 1 gives 0.75 a level (temperature 0 counts as 0.5, so 9 : 1 and 0.9): 0.5 is reached after three levels, 0.9³ = 0.73 never.
        var model = new TwoTokens();
        foreach ((double confidence, int cold, int warm) in new[] { (0.5, 6, 3), (0.8, 2, 1), (0.0, 8, 8), (0.95, 0, 1) })
        {
            var sequence = new Sequence([0], Toy.Options(temperature)) { Random = new SeededRandom(1) };
            var tree = new TokenTree();
            tree.Reset(0, 0, 20);
            var drafter = new ModelDrafter(model, depth: 8, confidence: confidence);
            drafter.Draft([new DraftSlot(sequence, tree)]);
            // A drawn token is proposed before its law stops the path; a fixed one is judged with its own probability.
            Assert.Equal(temperature == 0 ? cold : warm, tree.Candidates);
            drafter.Release(sequence);
        }
    }

    /// <summary>Token 0 with probability 3/4, token 1 with 1/4, whatever came before.</summary>
    private sealed class TwoTokens : IModel
    {
        private readonly ToyModel _inner = new(2);

        public int Vocab => 2;

        public int HiddenSize => _inner.HiddenSize;

        public int LayerCount => _inner.LayerCount;

        public int ContextLength => _inner.ContextLength;

        public KvCache NewCache() => _inner.NewCache();

        public void Forward(ReadOnlySpan<Rows> batch)
        {
            _inner.Forward(batch);
            foreach (Rows rows in batch)
                for (int row = 0; row < rows.Count; row++)
                    if (rows.WantsLogits(row)) (rows.LogitBuffer(row)[0], rows.LogitBuffer(row)[1]) = (MathF.Log(3), 0);
        }
    }

    [Fact]
    public void The_law_of_the_text_is_exact_under_fresh_randomness()
    {
        foreach ((int width, Type shape, double confidence) in new[] { (1, typeof(ChainTree), 0.0), (2, typeof(SampledTree), 0.0), (1, typeof(SampledTree), 0.5), (2, typeof(TopKTree), 0.0) })
            Assert.InRange(ExactLaw.Distance(() => new ModelDrafter(ExactLaw.Draft(), width == 1 ? 2 : 1, width, Toy.Shape(shape), confidence), length: 2), 0, 1e-6);
    }

    private static string Path(TokenTree tree, int node) => node == 0 ? "" : Path(tree, tree.Parent(node)) + " " + tree.Token(node);

    private sealed class LargestForward(IModel inner) : IModel
    {
        public int Largest { get; private set; }

        public int Vocab => inner.Vocab;

        public int HiddenSize => inner.HiddenSize;

        public int LayerCount => inner.LayerCount;

        public int ContextLength => inner.ContextLength;

        public KvCache NewCache() => inner.NewCache();

        public void Forward(ReadOnlySpan<Rows> batch)
        {
            foreach (Rows rows in batch) Largest = Math.Max(Largest, rows.Count);
            inner.Forward(batch);
        }
    }

    /// <summary>Looks at every proposal: siblings share one law or have none, tokens are distinct, laws are possible.</summary>
    private sealed class Spy(Drafter inner) : Drafter
    {
        private int _nodes, _laws;

        public double WithLaw => (double)_laws / _nodes;

        public int Wrong { get; private set; }

        public override void Draft(ReadOnlySpan<DraftSlot> batch)
        {
            inner.Draft(batch);
            foreach (DraftSlot slot in batch)
                for (int node = 1; node < slot.Tree.Count; node++)
                {
                    Distribution? law = slot.Tree.Law(node);
                    _nodes++;
                    if (law is not null) _laws++;
                    if (law is not null && law[slot.Tree.Token(node)] <= 0) Wrong++;
                    int first = slot.Tree.FirstCandidate(slot.Tree.Parent(node));
                    if (slot.Tree.Law(first) != law) Wrong++;
                    if (slot.Tree.FindCandidate(slot.Tree.Parent(node), slot.Tree.Token(node)) != node) Wrong++;
                }
        }

        public override void Observe(in Step step) => inner.Observe(step);

        public override void Release(Sequence sequence) => inner.Release(sequence);
    }
}
