using Percheron.Drafters;
using Xunit;

namespace Percheron.Tests.Drafters;

public class AcceptancePlanTests
{
    [Theory]
    [InlineData(new[] { 0.7f, 0.2f, 0.05f })]
    [InlineData(new[] { 0.5f, 0.05f, 0.3f })]
    [InlineData(new[] { 0.3f, 0.28f, 0.26f })]
    [InlineData(new[] { 0f, 0.4f, 0f })]
    public void No_tree_wins_more_than_the_planned_one(float[] rates)
    {
        var plan = new AcceptancePlan(7, 4, 3);
        plan.Make(rates);
        var tree = new Places(7);
        for (int levels = 1; levels <= 4; levels++)
        {
            double[] best = Best(rates, 7, levels);
            for (int nodes = 1; nodes <= 7; nodes++)
            {
                Assert.Equal(best[nodes], plan.Expected(nodes, levels), 1e-5);
                plan.Write(tree, nodes, levels);
                Assert.Equal(best[nodes], Value(rates, [.. Enumerable.Range(1, tree.Count - 1).Select(tree.Parent)]), 1e-5);
                Assert.True(tree.Count - 1 <= nodes && tree.Depth <= levels);
            }
        }
    }

    // The most that any tree of at most n nodes wins: all of them, grown node by node.
    private static double[] Best(float[] rates, int most, int levels)
    {
        var best = new double[most + 1];
        var known = new HashSet<string>();
        Grow([]);
        return best;

        void Grow(int[] parents)
        {
            for (int n = parents.Length; n <= most; n++) best[n] = Math.Max(best[n], Value(rates, parents));
            if (parents.Length == most) return;
            for (int parent = parents.Length > 0 ? parents[^1] : 0; parent <= parents.Length; parent++)
            {
                int[] next = [.. parents, parent];
                if (parents.Count(p => p == parent) < rates.Length && Depth(next, next.Length) <= levels && known.Add(string.Join(',', next))) Grow(next);
            }
        }
    }

    private static int Depth(int[] parents, int place) => place == 0 ? 0 : 1 + Depth(parents, parents[place - 1]);

    private static double Value(float[] rates, int[] parents)
    {
        var path = new double[parents.Length + 1];
        path[0] = 1;
        for (int place = 1; place <= parents.Length; place++) path[place] = path[parents[place - 1]] * rates[parents[..(place - 1)].Count(p => p == parents[place - 1])];
        return path.Sum() - 1;
    }
}
