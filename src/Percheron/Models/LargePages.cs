using Percheron.Formats;

namespace Percheron.Models;

/// <summary>
/// Large pages for memory about to be written, as long as the system has them at hand. They make streaming weights faster by a few percent; but where memory is fragmented, or a
/// virtual machine has given its free memory back to the host, each may take longer than all the work on what lies in it. Then the rest comes in ordinary pages.
/// </summary>
/// <remarks>Nothing depends on the times read here but where pages come from.</remarks>
internal sealed unsafe class LargePages
{
    // A page at hand takes a few tenths of a millisecond to clear.
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(2), Patience = TimeSpan.FromMilliseconds(120);

    private readonly TimeProvider _time;
    private readonly byte* _start;
    private readonly int[] _touched;
    private long _waited;
    private volatile bool _givenUp;

    /// <param name="memory">For streaming, not yet written.</param>
    /// <param name="time">Clock.</param>
    public LargePages(NativeBuffer memory, TimeProvider time)
    {
        _start = memory.Pointer;
        _time = time;
        _touched = new int[memory.Bytes / (long)SystemPages.HugeBytes];
    }

    /// <summary>Whether pages took too long, so that ordinary ones are used since.</summary>
    public bool GivenUp => _givenUp;

    /// <summary>Makes the whole large pages of a range present, each once; several threads may call it.</summary>
    /// <param name="offset">First byte.</param>
    /// <param name="bytes">About to be written.</param>
    public void Touch(long offset, long bytes)
    {
        long size = (long)SystemPages.HugeBytes, last = Math.Min((offset + bytes - 1) / size, _touched.Length - 1);
        for (long page = offset / size; page <= last && !_givenUp; page++)
        {
            if (Interlocked.Exchange(ref _touched[page], 1) != 0) continue;
            long from = _time.GetTimestamp();
            // A read and a write of what is there: another thread may have begun to fill the page.
            Interlocked.Or(ref *(int*)(_start + (page * size)), 0);
            TimeSpan took = _time.GetElapsedTime(from);
            if (took < Slow || Interlocked.Add(ref _waited, took.Ticks) < Patience.Ticks) continue;
            _givenUp = true;
            SystemPages.PreferOrdinary(_start, _touched.Length * size);
        }
    }
}
