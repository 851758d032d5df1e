using Percheron.Planning;
using Xunit;

namespace Percheron.Tests.Planning;

public class CostModelTests
{
    private static readonly MachineProfile Profile = new(2, 128, [new(1, 20), new(2, 22), new(4, 26), new(8, 34), new(16, 50)], 0, 0);

    [Fact]
    public void It_starts_from_the_profile()
    {
        var cost = new CostModel(Profile);
        foreach (int n in (int[])[1, 2, 3, 4, 6, 8, 16]) Assert.Equal(Profile.Milliseconds(n), cost.Milliseconds(n), 6);
    }

    [Fact]
    public void A_machine_that_slows_down_is_followed_at_every_number_of_rows()
    {
        var cost = new CostModel(Profile);
        for (int i = 0; i < 60; i++) cost.Observe(1, 128, 40);
        Assert.InRange(cost.Milliseconds(1), 38, 41);
        Assert.InRange(cost.Milliseconds(8), 65, 70);
    }

    [Fact]
    public void A_profile_that_was_wrong_for_many_rows_is_put_right_there_only()
    {
        var cost = new CostModel(Profile);
        for (int i = 0; i < 200; i++) cost.Observe(i % 2 == 0 ? 1 : 8, 128, i % 2 == 0 ? 20 : 50);
        Assert.InRange(cost.Milliseconds(1), 19, 21);
        Assert.InRange(cost.Milliseconds(8), 47, 52);
        Assert.InRange(cost.Milliseconds(2), 20, 24);
    }

    [Fact]
    public void One_interruption_is_hardly_believed()
    {
        var cost = new CostModel(Profile);
        for (int i = 0; i < 50; i++) cost.Observe(1, 128, 20);
        cost.Observe(1, 128, 2000);
        Assert.InRange(cost.Milliseconds(1), 20, 24);
    }

    [Fact]
    public void Without_a_profile_the_first_step_sets_the_level()
    {
        var cost = new CostModel();
        cost.Observe(1, 0, 35);
        Assert.InRange(cost.Milliseconds(1), 34, 36);
        cost.Observe(1, 0, 0);
        cost.Observe(1, 0, double.NaN);
        Assert.InRange(cost.Milliseconds(1), 34, 36);
    }

    [Fact]
    public void Longer_contexts_cost_more()
    {
        var cost = new CostModel(Profile, perPosition: 0.001);
        Assert.Equal(20 + 1, cost.Milliseconds(1, 1128), 6);
        Assert.Equal(34 + 8, cost.Milliseconds(8, 1128), 6);
    }

    [Fact]
    public void Every_sequence_has_a_cache_to_read()
    {
        var cost = new CostModel(Profile, perCached: 0.001);
        Assert.Equal(50 + 1, cost.Milliseconds(16, 1128), 6);
        Assert.Equal(50 + ((16 * 1128) - 128) / 1000.0, cost.Milliseconds(16, 1128, 16), 6);
    }

    [Fact]
    public void Batches_that_take_longer_are_put_down_to_their_caches()
    {
        var cost = new CostModel(Profile, perCached: 0.0005);
        for (int i = 0; i < 200; i++) cost.Observe(16, 1000, 80, 16);
        Assert.InRange(cost.Milliseconds(16, 1000, 16), 76, 84);
        // Most of it comes with the sequences, not with the rows.
        Assert.InRange(cost.Milliseconds(16, 1000) / 50, 0.9, 1.35);
    }
}
