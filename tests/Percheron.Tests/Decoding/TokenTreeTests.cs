using Percheron.Decoding;
using Xunit;

namespace Percheron.Tests.Decoding;

public class TokenTreeTests
{
    [Fact]
    public void Children_come_in_order_and_probes_are_passed_over()
    {
        var tree = new TokenTree();
        tree.Reset(5, 10, 6);
        int a = tree.Add(0, 1);
        int p = tree.Add(0, 2, probe: true);
        int b = tree.Add(0, 3);
        int c = tree.Add(a, 4);
        Assert.Equal([a, b, -1], [tree.FirstCandidate(0), tree.NextCandidate(a), tree.NextCandidate(b)]);
        Assert.Equal(c, tree.FindCandidate(a, 4));
        Assert.Equal(-1, tree.FindCandidate(0, 2));
        Assert.Equal((2, 12, 2, 3), (tree.Depth(c), tree.Position(c), tree.Room, tree.Candidates));
        Assert.True(tree.IsProbe(p));
        Assert.Throws<ArgumentException>(() => tree.Add(p, 9));
    }

    [Fact]
    public void The_budget_is_a_hard_limit()
    {
        var tree = new TokenTree();
        tree.Reset(0, 0, 1);
        tree.Add(0, 1);
        Assert.Equal(0, tree.Room);
        Assert.Throws<InvalidOperationException>(() => tree.Add(0, 2));
        tree.Reset(0, 0, -3);
        Assert.Equal(0, tree.Room);
    }

    [Fact]
    public void A_large_tree_keeps_its_links()
    {
        var tree = new TokenTree();
        tree.Reset(0, 0, 1000);
        for (int i = 1; i <= 1000; i++) tree.Add((i - 1) / 2, i);
        for (int i = 1; i <= 1000; i++)
        {
            Assert.Equal((i - 1) / 2, tree.Parent(i));
            Assert.Equal(i, tree.FindCandidate((i - 1) / 2, i));
        }
    }
}
