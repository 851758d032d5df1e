using Percheron.Models;
using Percheron.Planning;
using Percheron.Tests.Models;
using Xunit;

namespace Percheron.Tests.Planning;

public sealed class ProfileMeasurementTests
{
    [Fact]
    public void EveryNumberOfRowsHasItsTurnAndItsTime()
    {
        using TinyFile file = (TinyModel.Llama with { Context = 256 }).Build();
        using Transformer model = file.Load(threads: 2);
        List<double> shares = [];
        MachineProfile profile = new ProfileMeasurement(model, new Ticking()) { Patience = TimeSpan.Zero }.Measure(new Listed(shares), TestContext.Current.CancellationToken);
        Assert.Equal(ProfileMeasurement.Counts, profile.Rows.ToArray().Select(row => row.N));
        Assert.All(profile.Rows.ToArray(), row => Assert.Equal(1, row.Ms));
        Assert.Equal((2, 128, model.WeightBytes), (profile.Threads, profile.Context, profile.WeightBytes));
        Assert.Equal(256e9 * (1 << 20) / 1e6, profile.ReadBandwidth, 1.0);
        Assert.Equal(1, shares[^1]);
    }

    [Fact]
    public void AShortContextLeavesOutWhatDoesNotFit()
    {
        using TinyFile file = (TinyModel.Llama with { Context = 40 }).Build();
        using Transformer model = file.Load();
        MachineProfile profile = new ProfileMeasurement(model, new Ticking()) { Patience = TimeSpan.Zero }.Measure(stop: TestContext.Current.CancellationToken);
        Assert.Equal((0, 32), (profile.Context, profile.Rows[^1].N));
    }

    [Fact]
    public void StoppedBeforeAnythingIsCompleteThereIsNoProfile()
    {
        using TinyFile file = TinyModel.Llama.Build();
        using Transformer model = file.Load();
        Assert.Throws<OperationCanceledException>(() => new ProfileMeasurement(model, TimeProvider.System).Measure(stop: new CancellationToken(true)));
    }

    /// <summary>Every look at the clock is a millisecond after the last one.</summary>
    private sealed class Ticking : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => ++_now;
    }

    private sealed class Listed(List<double> shares) : IProgress<double>
    {
        public void Report(double value) => shares.Add(value);
    }
}
