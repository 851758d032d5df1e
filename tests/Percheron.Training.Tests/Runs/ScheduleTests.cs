using Percheron.Training.Runs;
using Xunit;

namespace Percheron.Training.Tests.Runs;

public class ScheduleTests
{
    [Fact]
    public void Rises_stays_and_falls_to_zero()
    {
        Assert.Equal(1.0 / Schedule.Rise, Schedule.Factor(0, -1, -1));
        Assert.Equal(1, Schedule.Factor(Schedule.Rise - 1, -1, -1));
        Assert.Equal(1, Schedule.Factor(5000, -1, -1));
        Assert.Equal(1, Schedule.Factor(100, 100, 200));
        Assert.Equal(0.5, Schedule.Factor(150, 100, 200));
        Assert.Equal(0.01, Schedule.Factor(199, 100, 200), 1e-12);
        Assert.Equal(0, Schedule.Factor(200, 100, 200));
    }
}
