using Percheron.Training.Runs;
using Percheron.Training.Tests.Support;
using Xunit;

namespace Percheron.Training.Tests.Runs;

/// <summary>The short form of <c>./check resume</c>: processes that are killed, not stopped.</summary>
public class KilledRunTests
{
    [TorchFact]
    public void A_run_killed_in_the_middle_gives_the_bits_of_one_that_was_left_alone()
    {
        using var folder = new Folder();
        var moments = new List<string>();
        Assert.True(new KilledRun(["dotnet", typeof(KilledRun).Assembly.Location], folder.Path, steps: 6, seed: 3).Survives(kills: 1, moments.Add), string.Join('\n', moments));
        Assert.Single(moments);
    }
}
