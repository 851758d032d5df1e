using Percheron.Decoding;
using Percheron.Drafters;
using Percheron.Drafters.Trees;
using Percheron.Models.Heads;
using Percheron.Planning;
using Percheron.Testing;
using Percheron.Tests.Planning;
using Percheron.Verifiers;
using Xunit;

namespace Percheron.Tests.Drafters;

/// <summary>Drafts from learned inputs: look-ahead tokens behind the root, mask tokens behind every node.</summary>
public class MaskDraftsTests
{
    private static readonly ExtraInputs Inputs = new(2, 3);

    [Theory]
    [InlineData(false, 1)]
    [InlineData(false, 2)]
    [InlineData(true, 1)]
    [InlineData(true, 3)]
    public void They_never_change_the_text(bool everywhere, int width) => Toy.SaysWhatPlainDecodingSays(target => Make(target, everywhere, width, width == 2 ? new TopKTree() : null));

    [Theory]
    [InlineData(false, 0f)]
    [InlineData(true, 1f)]
    public void Steady_steps_allocate_nothing(bool everywhere, float temperature) => Toy.AllocatesNothing(target => Make(target, everywhere, 2, null), temperature);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Candidates_are_the_answers_of_the_last_steps_probes(bool everywhere)
    {
        ToyModel target = Toy.Target();
        var spy = new Spy(Make(target, everywhere, 1, null), everywhere);
        new Decoder(target, spy, new Coupled(), new DecoderOptions { Budget = new FixedBudget(16) }).Run(new Sequence([1, 2, 3], Toy.Options(0, 80)));
        // Where the accepted path has probes of its own, all three answers are of use; else those about tokens that are not there yet.
        Assert.True(spy.Compared > 150, $"{spy.Compared} candidates were compared");
        Assert.Equal(everywhere, spy.FewestAnswers == 3);
    }

    [Theory]
    [InlineData(false, 2, 1, 1)]
    [InlineData(false, 6, 3, 3)]
    [InlineData(false, 1, 0, 0)]
    [InlineData(true, 3, 1, 2)]
    [InlineData(true, 8, 2, 6)]
    [InlineData(true, 64, 3, 12)]
    public void Probes_and_candidates_share_the_budget(bool everywhere, int budget, int candidates, int probes)
    {
        ToyModel target = Toy.Target();
        Drafter drafter = Make(target, everywhere, 1, null);
        var sequence = new Sequence([1, 2, 3], Toy.Options(0, 80));
        var spy = new Spy(drafter, everywhere);
        new Decoder(target, spy, new Coupled(), new DecoderOptions { Budget = new FixedBudget(budget) }).Run(sequence);
        Assert.Equal((candidates, probes), spy.Most);
    }

    [Fact]
    public void A_table_of_tokens_does_not_learn_from_probes_without_one()
    {
        ToyModel target = Toy.Target();
        Sequence[] sequences = Toy.Sequences(0);
        new Decoder(target, new FallbackDrafter(new RecyclingDrafter(), Make(target, true, 1, null)), new Coupled()).Run(sequences);
        new Decoder(target, new UnionDrafter(new RecyclingDrafter(), Make(target, true, 1, null), Make(target, false, 1, null)), new Coupled()).Run(sequences = Toy.Sequences(0));
        int[][] plain = Toy.Plain(0);
        for (int i = 0; i < plain.Length; i++) Assert.Equal(plain[i], sequences[i].Tokens.ToArray());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_plan_weighs_rows_and_no_forwards(bool everywhere)
    {
        // All answers are there, so where rows are nearly free all levels are worth it.
        var machine = new Machine();
        ToyModel target = Toy.Target();
        static double Cost(int n) => 20 + (0.001 * n);
        var planner = new Planner(new CostModel(new MachineProfile(1, 0, [new RowCost(1, Cost(1)), new RowCost(16, Cost(16))], 0, 0)));
        var decoder = new Decoder(machine.Model(target, Cost), Make(target, everywhere, 1, null), new Coupled(), new DecoderOptions { Budget = planner, Time = machine });
        decoder.Run(new Sequence([1, 2, 3], Toy.Options(0, 80)));
        long[] offered = [.. decoder.Statistics.OfferedByDepth];
        Assert.True(offered.Length > 2 && offered[2] > 20, $"{string.Join(", ", offered)} offered by depth");
    }

    private static Drafter Make(ToyModel target, bool everywhere, int width, TreeShape? tree) =>
        everywhere ? new BitaDrafter(Inputs, target, width: width, tree: tree, confidence: 0) : new PassDrafter(Inputs, target, width: width, tree: tree, confidence: 0);

    // Watches greedy chains: what was answered, and what is proposed next.
    private sealed class Spy(Drafter inner, bool everywhere) : Drafter
    {
        private readonly List<int> _answers = [];
        private int _first;

        public int Compared { get; private set; }

        public int FewestAnswers { get; private set; } = int.MaxValue;

        public (int Candidates, int Probes) Most { get; private set; }

        public override void Draft(ReadOnlySpan<DraftSlot> batch)
        {
            inner.Draft(batch);
            TokenTree tree = batch[0].Tree;
            int node = 0, candidates = 0;
            for (int position = tree.RootPosition + 1; (node = tree.FirstCandidate(node)) >= 0; position++, Compared++, candidates++)
                Assert.Equal(_answers[position - _first], tree.Token(node));
            if (candidates > 0) FewestAnswers = Math.Min(FewestAnswers, candidates);
            Most = (Math.Max(Most.Candidates, candidates), Math.Max(Most.Probes, tree.Count - 1 - candidates));
        }

        public override void Observe(in Step step)
        {
            int end = everywhere && step.Acceptance.Path.Length > 0 ? step.Acceptance.Path[^1] : 0;
            _answers.Clear();
            _first = step.Tree.Position(end) + 2;
            for (int node = 1; node < step.Tree.Count; node++)
            {
                if (step.Tree.Extra(node) < 0) continue;
                Assert.Equal(-1, step.Tree.Token(node));
                if (step.Tree.Parent(node) != end) continue;
                end = node;
                _answers.Add(Sampler.ArgMax(step.Logits(node)));
            }
            inner.Observe(step);
        }

        public override void Release(Sequence sequence) => inner.Release(sequence);
    }
}
