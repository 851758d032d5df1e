namespace Percheron.Testing;

/// <summary>A clock on which every look takes another time, in no order and always the same one: a planner that measures with it changes its mind all the time.</summary>
internal sealed class WanderingClock(ulong seed) : TimeProvider
{
    private ulong _state = seed;
    private long _now;

    public override long TimestampFrequency => 1_000_000_000;

    public override long GetTimestamp()
    {
        _state = (_state * 6364136223846793005) + 1442695040888963407;
        // Microseconds, mostly few and now and then many.
        return _now += 1000 * (long)(1 + (_state >> 33) % 100 * ((_state >> 50) % 16 == 0 ? 50ul : 1));
    }
}
