using Percheron.Planning;
using Xunit;

namespace Percheron.Tests.Planning;

public class PositionalTreeTests
{
    private static double Rate(int depth, int rank) => (rank switch { 0 => 0.55, 1 => 0.2, _ => 0.08 }) / (1 + (0.1 * depth));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    public void It_is_the_best_of_all_trees(int nodes)
    {
        var table = new PositionalTree(Rate, nodes, depth: 3, width: 3);
        Assert.Equal(All(nodes, 3, 3).Max(Value), table.Expected(nodes), 12);
        Assert.Equal(table.Expected(nodes), Value(table.Shape(nodes)), 12);
    }

    [Fact]
    public void Even_rates_without_siblings_give_a_chain()
    {
        var table = new PositionalTree((_, rank) => rank == 0 ? 0.8 : 0, 8, 8, 2);
        Assert.Equal([0, 1, 2, 3, 4], table.Shape(5));
        Assert.Equal(0.8 + 0.64 + 0.512, table.Expected(3), 12);
    }

    private static double Value(int[] parents)
    {
        (int[] depth, double[] chance, int[] children) = (new int[parents.Length + 1], new double[parents.Length + 1], new int[parents.Length + 1]);
        (chance[0], double sum) = (1, 0);
        for (int i = 1; i <= parents.Length; i++)
        {
            int parent = parents[i - 1];
            depth[i] = depth[parent] + 1;
            chance[i] = chance[parent] * Rate(depth[i], children[parent]++);
            sum += chance[i];
        }
        return sum;
    }

    // Every node hangs on any earlier one: all shapes, many of them several times.
    private static IEnumerable<int[]> All(int nodes, int depth, int width)
    {
        if (nodes == 0) return [[]];
        return All(nodes - 1, depth, width).SelectMany(tree => Enumerable.Range(0, nodes).Where(parent => Depth(tree, parent) < depth && tree.Count(p => p == parent) < width).Select(parent => (int[])[.. tree, parent]));
    }

    private static int Depth(int[] parents, int node) => node == 0 ? 0 : 1 + Depth(parents, parents[node - 1]);
}
