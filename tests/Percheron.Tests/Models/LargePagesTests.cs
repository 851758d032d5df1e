using Percheron.Models;
using Xunit;

namespace Percheron.Tests.Models;

public sealed unsafe class LargePagesTests
{
    private const int Page = 2 << 20, Pages = 40;

    /// <summary>A clock that goes on by the same time whenever it is read, for all threads.</summary>
    private sealed class Ticking(int milliseconds) : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => Interlocked.Add(ref _now, milliseconds);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(10, true)]
    public void Pages_that_take_long_are_given_up_and_nothing_written_is_lost(int milliseconds, bool givenUp)
    {
        using NativeBuffer memory = NativeBuffer.ForStreaming((long)Pages * Page);
        LargePages pages = new(memory, new Ticking(milliseconds));
        Assert.False(pages.GivenUp);
        // Slices that begin and end within a page, written by several threads.
        const int Slice = 300_000;
        int slices = (int)(memory.Bytes / Slice);
        Parallel.For(0, slices, slice =>
        {
            long offset = (long)slice * Slice;
            pages.Touch(offset, Slice);
            new Span<byte>(memory.Pointer + offset, Slice).Fill((byte)(slice + 1));
        });
        Assert.Equal(givenUp, pages.GivenUp);
        for (int slice = 0; slice < slices; slice++) Assert.Equal(-1, new ReadOnlySpan<byte>(memory.Pointer + ((long)slice * Slice), Slice).IndexOfAnyExcept((byte)(slice + 1)));
    }

    [Fact]
    public void Memory_smaller_than_a_page_is_left_alone()
    {
        using NativeBuffer memory = NativeBuffer.ForStreaming(1000);
        LargePages pages = new(memory, new Ticking(1000));
        pages.Touch(0, 1000);
        Assert.False(pages.GivenUp);
    }
}
