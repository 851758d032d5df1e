using Percheron.Decoding;
using Percheron.Verifiers;
using Xunit;

namespace Percheron.Tests.Verifiers;

public class OptimalTests
{
    private static readonly double[][] Laws =
    [
        [1, 0, 0, 0, 0], [0, 0.5, 0.5, 0, 0], [0.2, 0.2, 0.2, 0.2, 0.2], [0.96, 0.01, 0.01, 0.01, 0.01], [0.5, 0.3, 0.2, 0, 0], [0.7, 0.2, 0.1, 0, 0], [0.05, 0.05, 0.1, 0.4, 0.4], [0.4999, 0.5001, 0, 0, 0],
    ];

    [Fact]
    public void Of_two_draws_it_accepts_as_much_as_any_rule_can()
    {
        for (ulong seed = 0; seed < 200; seed++) Reaches(OneStep.Random(6, seed), OneStep.Random(6, 1000 + seed));
        foreach (double[] p in Laws) foreach (double[] q in Laws) Reaches(p, q);
    }

    [Fact]
    public void Two_draws_are_enough_where_no_set_is_proposed_too_often()
    {
        // p(S) ≥ q(S)² for every S: one of the two is always accepted, though one alone is refused in eight of a hundred cases.
        var step = new OneStep(4, _ => [0.4, 0.3, 0.2, 0.1]);
        step.Law((tree, random) => Drafts.Draws(tree, random, [0.48, 0.3, 0.12, 0.1], 1), new Optimal(), 1);
        Assert.Equal(0.92, step.Accepted, 1e-6);
        step.Law((tree, random) => Drafts.Draws(tree, random, [0.48, 0.3, 0.12, 0.1], 2), new Optimal(), 1);
        Assert.Equal(1, step.Accepted, 1e-6);
        // Here the first two tokens are proposed too often: 0.9² > 0.7.
        step.Law((tree, random) => Drafts.Draws(tree, random, [0.5, 0.4, 0.05, 0.05], 2), new Optimal(), 1);
        Assert.Equal(1 + 0.7 - 0.81, step.Accepted, 1e-6);
    }

    [Fact]
    public void The_selected_token_has_the_law_it_is_tried_by()
    {
        var left = new Residual();
        var proposal = new Proposal();
        var selection = new PairSelection();
        var tree = new TokenTree();
        for (ulong seed = 0; seed < 100; seed++)
        {
            int n = 2 + (int)(seed % 40);
            double[] q = OneStep.Random(n, seed);
            tree.Reset(0, 0, 4);
            left.Start(OneStep.Distribution(OneStep.Random(n, 500 + seed)));
            proposal.Read(tree, tree.Add(0, 0, OneStep.Distribution(q)));
            selection.Solve(left, proposal);
            ReadOnlySpan<double> selected = selection.Selected(n), law = proposal.Probabilities;
            for (int a = 0; a < n; a++)
            {
                double sum = law[a] * law[a];
                for (int b = 0; b < n; b++)
                {
                    if (a == b) continue;
                    Assert.Equal(1, selection.Chance(a, b) + selection.Chance(b, a), 1e-12);
                    sum += 2 * law[a] * law[b] * selection.Chance(a, b);
                }
                Assert.Equal(sum, selected[a], 1e-12);
            }
        }
    }

    private static void Reaches(double[] p, double[] q)
    {
        var step = new OneStep(p.Length, _ => p);
        LawAssert.Equal(step.Own(1), step.Law((tree, random) => Drafts.Draws(tree, random, q, 2), new Optimal(), 1));
        Assert.Equal(Optimum.Of(p, (tree, random) => Drafts.Draws(tree, random, q, 2)), step.Accepted, 1e-6);
    }
}
