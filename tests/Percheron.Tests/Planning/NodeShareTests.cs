using Percheron.Planning;
using Xunit;

namespace Percheron.Tests.Planning;

public class NodeShareTests
{
    [Fact]
    public void The_sequence_that_accepts_more_gets_more()
    {
        var share = new NodeShare();
        share.Divide([0.9f, 0.5f, 0.1f], 16, n => 10 + (0.5 * n), 0, 0);
        Assert.True(share.Nodes[0] > share.Nodes[1] && share.Nodes[1] > 0, $"{share.Nodes[0]} {share.Nodes[1]} {share.Nodes[2]}");
        Assert.Equal(0, share.Nodes[2]);
        Assert.Equal(share.Total, share.Nodes[0] + share.Nodes[1] + share.Nodes[2]);
    }

    [Fact]
    public void A_busy_machine_gets_none()
    {
        var share = new NodeShare();
        share.Divide([0.9f, 0.9f, 0.9f, 0.9f], 16, n => 4 + n, 0, 0);
        Assert.Equal(0, share.Total);
    }

    [Fact]
    public void It_is_as_good_as_trying_all_when_time_is_a_line()
    {
        float[] rates = [0.8f, 0.6f, 0.3f];
        static double Cost(int n) => 10 + (0.7 * n);
        var share = new NodeShare();
        share.Divide(rates, 6, Cost, 0, 0);
        double best = 0;
        for (int a = 0; a <= 6; a++)
            for (int b = 0; b <= 6; b++)
                for (int c = 0; c <= 6; c++) best = Math.Max(best, Rate(a, b, c));
        Assert.Equal(best, Rate(share.Nodes[0], share.Nodes[1], share.Nodes[2]), 6);

        double Rate(params int[] nodes) => (3 + nodes.Select((n, i) => Enumerable.Range(1, n).Sum(j => Math.Pow(rates[i], j))).Sum()) / Cost(nodes.Sum());
    }

    [Fact]
    public void Drafting_that_costs_more_than_all_nodes_win_is_left_out()
    {
        var share = new NodeShare();
        share.Divide([0.5f], 16, n => 10 + (0.1 * n), 8, 8);
        Assert.Equal(0, share.Total);
    }

    [Fact]
    public void One_forward_that_makes_all_guesses_pays_where_a_forward_for_each_does_not()
    {
        var share = new NodeShare();
        share.Divide([0.9f], 16, n => 10 + (0.1 * n), 8, 8);
        Assert.InRange(share.Total, 0, 1);
        share.Divide([0.9f], 16, n => 10 + (0.1 * n), 8, 0);
        Assert.InRange(share.Total, 10, 16);
    }
}
