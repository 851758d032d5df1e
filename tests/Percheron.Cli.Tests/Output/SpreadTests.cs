using Percheron.Cli.Output;
using Xunit;

namespace Percheron.Cli.Tests.Output;

public class SpreadTests
{
    [Fact]
    public void Quartiles_lie_between_values()
    {
        Assert.Equal(new Spread(3, 2, 4), Spread.Of([5, 1, 4, 2, 3]));
        Assert.Equal(new Spread(2.5, 1.75, 3.25), Spread.Of([4, 3, 2, 1]));
        Assert.Equal(new Spread(7, 7, 7), Spread.Of([7]));
    }
}
