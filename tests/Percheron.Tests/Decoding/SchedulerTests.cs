using Percheron.Decoding;
using Percheron.Testing;
using Percheron.Verifiers;
using Xunit;

namespace Percheron.Tests.Decoding;

public class SchedulerTests
{
    private sealed class NothingDrafter : Drafter;

    private static Sequence Request(int i) =>
        new([.. Enumerable.Range(0, 3 + i).Select(k => (k * 5 + i) % 12)], new SequenceOptions { MaxTokens = 20 + (3 * i), Seed = (ulong)i, Sampling = SamplingSettings.Plain });

    private static Decoder NewDecoder() => new(new ToyModel(12), new NothingDrafter(), new Coupled());

    [Theory]
    [InlineData(1, long.MaxValue)]
    [InlineData(3, long.MaxValue)]
    [InlineData(8, 40)]
    [InlineData(8, 10)]
    [InlineData(2, 1)]
    public void Batching_and_preemption_change_no_text(int maxRunning, long maxRows)
    {
        Sequence[] alone = [.. Enumerable.Range(0, 7).Select(Request)];
        foreach (Sequence s in alone) NewDecoder().Run(s);

        Sequence[] together = [.. Enumerable.Range(0, 7).Select(Request)];
        var scheduler = new Scheduler(NewDecoder(), maxRunning, maxRows);
        foreach (Sequence s in together) scheduler.Submit(s);
        int steps = 0;
        while (scheduler.Step())
        {
            Assert.InRange(scheduler.Running.Count, 1, maxRunning);
            Assert.True(++steps < 10_000);
        }
        for (int i = 0; i < alone.Length; i++) Assert.Equal(alone[i].Tokens.ToArray(), together[i].Tokens.ToArray());
        Assert.All(together, s => Assert.Null(s.Cache));
        if (maxRows == 40) Assert.True(scheduler.Preemptions > 0);
    }

    [Fact]
    public void Cancelled_requests_leave_the_queue()
    {
        var scheduler = new Scheduler(NewDecoder(), maxRunning: 1);
        Sequence a = Request(0), b = Request(1);
        scheduler.Submit(a);
        scheduler.Submit(b);
        scheduler.Step();
        b.Cancel();
        a.Cancel();
        while (scheduler.Step()) { }
        Assert.Equal(0, scheduler.Waiting);
        Assert.Equal(FinishReason.Cancelled, b.Finish);
        Assert.Null(a.Cache);
    }
}
