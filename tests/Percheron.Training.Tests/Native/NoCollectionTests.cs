using System.Runtime;
using Percheron.Training.Native;
using Xunit;

namespace Percheron.Training.Tests.Native;

public class NoCollectionTests
{
    [Fact]
    public void Nothing_is_collected_until_the_last_one_ends()
    {
        using IDisposable outer = NoCollection.Begin();
        int before = GC.CollectionCount(0);
        NoCollection.Begin().Dispose();
        Assert.Equal(GCLatencyMode.NoGCRegion, GCSettings.LatencyMode);
        for (int i = 0; i < 100_000; i++) GC.KeepAlive(new byte[1000]);
        Assert.Equal(before, GC.CollectionCount(0));
    }
}
