using Percheron.Kernels;
using Xunit;

namespace Percheron.Tests.Kernels;

public sealed class ThreadTeamTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(64)]
    public void Every_part_is_executed_once_and_is_done_on_return(int threads)
    {
        using ThreadTeam team = new(threads);
        Assert.Equal(threads, team.Threads);
        Counter work = new(threads);
        for (int run = 1; run <= 300; run++)
        {
            team.Run(work);
            Assert.All(work.Counts, count => Assert.Equal(run, count));
        }
    }

    [Theory]
    [InlineData(1, 7)]
    [InlineData(2, 1)]
    [InlineData(2, 100)]
    [InlineData(8, 3)]
    [InlineData(64, 1000)]
    public void A_run_may_have_any_number_of_parts(int threads, int parts)
    {
        using ThreadTeam team = new(threads);
        Counter work = new(parts) { Threads = threads };
        for (int run = 1; run <= 50; run++)
        {
            team.Run(work, parts);
            Assert.All(work.Counts, count => Assert.Equal(run, count));
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => team.Run(work, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => team.Run(work, ThreadTeam.MostParts + 1));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(24)]
    [InlineData(64)]
    public void Neighbours_that_take_the_cores_delay_nothing_for_good(int threads)
    {
        using CancellationTokenSource end = new();
        Thread[] neighbours = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Thread(() =>
        {
            while (!end.IsCancellationRequested) Thread.SpinWait(100);
        }))];
        foreach (Thread neighbour in neighbours) neighbour.Start();
        using ThreadTeam team = new(threads);
        Counter work = new(3 * threads) { Threads = threads };
        for (int run = 1; run <= 5; run++)
        {
            team.Run(work, 3 * threads);
            Assert.All(work.Counts, count => Assert.Equal(run, count));
        }
        end.Cancel();
        foreach (Thread neighbour in neighbours) neighbour.Join();
    }

    [Fact]
    public void Threads_have_numbers_of_their_own()
    {
        const int Threads = 6;
        using ThreadTeam team = new(Threads);
        int[] users = new int[Threads];
        team.Run(new Delegated((_, thread) =>
        {
            int user = Environment.CurrentManagedThreadId, before = Interlocked.CompareExchange(ref users[thread], user, 0);
            if (before != 0 && before != user) throw new InvalidOperationException("two threads share a number");
            Thread.Sleep(1);
        }), 50);
        Assert.Equal(Environment.CurrentManagedThreadId, users[0]);
    }

    [Fact]
    public void Workers_that_sleep_are_woken()
    {
        using ThreadTeam team = new(4);
        Meeting work = new(4);
        for (int run = 0; run < 5; run++)
        {
            Thread.Sleep(30);
            work.Reset();
            team.Run(work);
        }
    }

    [Fact]
    public void The_first_exception_reaches_the_caller_and_the_team_lives_on()
    {
        using ThreadTeam team = new(5);
        for (int bad = 0; bad < 5; bad++)
        {
            int part = bad;
            InvalidDataException e = Assert.Throws<InvalidDataException>(() => team.Run(new Delegated((p, _) =>
            {
                if (p == part) throw new InvalidDataException($"part {p}");
            })));
            Assert.Equal($"part {bad}", e.Message);
            Counter work = new(5);
            team.Run(work);
            Assert.All(work.Counts, count => Assert.Equal(1, count));
        }
        Assert.Throws<InvalidDataException>(() => team.Run(new Delegated((_, _) => throw new InvalidDataException())));
    }

    [Fact]
    public void Work_can_neither_start_work_nor_end_the_team()
    {
        using ThreadTeam team = new(3);
        Assert.Throws<InvalidOperationException>(() => team.Run(new Delegated((_, _) => team.Run(new Counter(3)))));
        Assert.Throws<InvalidOperationException>(() => team.Run(new Delegated((_, _) => team.Dispose())));
        team.Run(new Counter(3));
    }

    [Fact]
    public async Task Callers_take_turns()
    {
        using ThreadTeam team = new(3);
        Counter[] works = [new(3), new(3), new(3), new(3)];
        await Task.WhenAll(works.Select(work => Task.Run(() =>
        {
            for (int run = 0; run < 200; run++) team.Run(work);
        })));
        Assert.All(works, work => Assert.All(work.Counts, count => Assert.Equal(200, count)));
    }

    [Fact]
    public void Teams_come_and_go()
    {
        for (int i = 0; i < 40; i++)
        {
            ThreadTeam team = new(1 + (i % 9));
            Counter work = new(team.Threads);
            if (i % 3 > 0) team.Run(work);
            team.Dispose();
            team.Dispose();
            Assert.Throws<ObjectDisposedException>(() => team.Run(work));
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => new ThreadTeam(0));
    }

    [Fact]
    public void Starting_work_allocates_nothing()
    {
        using ThreadTeam team = new(2);
        Counter work = new(2);
        for (int i = 0; i < 100; i++) team.Run(work);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++) team.Run(work);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Parking_allocates_nothing()
    {
        // What the runtime makes once in a process is made for another team, so that what each team would make is seen.
        using (ThreadTeam other = new(2))
        {
            Sleeper first = new();
            for (int run = 0; run < 3; run++)
            {
                Thread.Sleep(30);
                other.Run(first);
            }
        }
        using ThreadTeam team = new(2);
        Sleeper work = new();
        team.Run(new Counter(2));
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int run = 0; run < 6; run++)
        {
            Thread.Sleep(30); // the worker parks
            team.Run(work); // the caller parks while the worker's part sleeps
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal([0, 0, 0, 0, 0], work.WorkerBytes);
    }

    /// <summary>Two parts that meet, so that each has its own thread; the worker's then sleeps longer than the caller spins. Notes what the worker allocated from one run to the next.</summary>
    private sealed class Sleeper : IWork
    {
        private readonly int _caller = Environment.CurrentManagedThreadId;
        private int _begun, _runs;
        private long _before;

        public long[] WorkerBytes { get; } = new long[5];

        public void Execute(int part, int parts, int thread)
        {
            int goal = 2 * ((Interlocked.Increment(ref _begun) + 1) / 2);
            while (Volatile.Read(ref _begun) < goal) Thread.Yield();
            if (Environment.CurrentManagedThreadId == _caller) return;
            long now = GC.GetAllocatedBytesForCurrentThread();
            if (_runs > 0) WorkerBytes[_runs - 1] = now - _before;
            _runs++;
            _before = now;
            Thread.Sleep(30);
        }
    }

    private sealed class Counter(int parts) : IWork
    {
        public int[] Counts { get; } = new int[parts];

        public int Threads { get; init; } = parts;

        public void Execute(int part, int parts, int thread)
        {
            if (parts != Counts.Length) throw new InvalidOperationException("wrong number of parts");
            if ((uint)thread >= (uint)Threads) throw new InvalidOperationException("no such thread");
            Interlocked.Increment(ref Counts[part]);
        }
    }

    /// <summary>Each part waits until all have begun, so each needs a thread of its own.</summary>
    private sealed class Meeting(int expected) : IWork
    {
        private readonly CountdownEvent _all = new(expected);

        public void Reset() => _all.Reset();

        public void Execute(int part, int parts, int thread)
        {
            _all.Signal();
            if (!_all.Wait(TimeSpan.FromSeconds(60))) throw new TimeoutException("a worker did not come");
        }
    }

    private sealed class Delegated(Action<int, int> body) : IWork
    {
        public void Execute(int part, int parts, int thread) => body(part, thread);
    }
}
