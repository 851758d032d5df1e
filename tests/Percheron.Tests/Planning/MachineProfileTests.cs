using Percheron.Planning;
using Xunit;

namespace Percheron.Tests.Planning;

public sealed class MachineProfileTests
{
    private static MachineProfile Profile(params (int N, double Ms)[] rows) => new(2, 128, rows.Select(r => new RowCost(r.N, r.Ms)), 50e9, 1_000_000_000);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.5, 20)]
    [InlineData(1, 20)]
    [InlineData(3, 26)]
    [InlineData(4, 29)]
    [InlineData(8, 41)]
    [InlineData(16, 65)]
    public void RowsBetweenAndBeyondWhatWasMeasuredLieOnStraightLines(double rows, double expected) =>
        Assert.Equal(expected, Profile((1, 20), (2, 23), (4, 29), (8, 41)).Milliseconds(rows), 9);

    [Fact]
    public void OneMeasurementAloneGrowsInProportion() => Assert.Equal(60, Profile((2, 20)).Milliseconds(6), 9);

    [Fact]
    public void MoreRowsThanMeasuredAreNeverCheaper() => Assert.Equal(18, Profile((1, 20), (2, 18)).Milliseconds(10), 9);

    [Fact]
    public void CrossoverIsTheFirstMeasuredNumberAboveTheLimit()
    {
        Assert.Equal(4, Profile((1, 20), (2, 30), (4, 31), (8, 60)).Crossover());
        Assert.Null(Profile((1, 20), (2, 21)).Crossover());
    }

    [Fact]
    public void TheFloorIsBytesOverBandwidth() => Assert.Equal(20, Profile((1, 25)).FloorMilliseconds, 9);

    [Fact]
    public void TablesThatCannotBeAreRefused()
    {
        Assert.Throws<ArgumentException>(() => Profile());
        Assert.Throws<ArgumentException>(() => Profile((2, 1), (2, 1)));
        Assert.Throws<ArgumentException>(() => Profile((0, 1)));
        Assert.Throws<ArgumentException>(() => Profile((1, double.NaN)));
        Assert.Throws<ArgumentException>(() => Profile((1, 0)));
    }
}
