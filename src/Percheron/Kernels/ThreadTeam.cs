using System.Runtime.ExceptionServices;

namespace Percheron.Kernels;

/// <summary>
/// A fixed team of threads for the forward pass: the calling thread and <c>threads − 1</c> workers.
/// </summary>
/// <remarks>
/// Threads claim parts one by one, so a worker that the system has not scheduled yet holds nobody up: the others do its parts, and wait only for parts
/// already begun; and where a run has more parts than threads, a thread that shares its core with a busy neighbour does fewer of them. Waiting spins
/// briefly, yields, then parks: an idle core is what lets the system move a worker away from that neighbour. Neither starting work nor parking allocates.
/// </remarks>
public sealed class ThreadTeam : IDisposable
{
    /// <summary>Most parts of a run.</summary>
    public const int MostParts = 1 << 20;

    private const int Spins = 2000, Yields = 8;

    [ThreadStatic]
    private static bool busy;

    private readonly Worker[] _workers;
    private readonly Lock _gate = new();
    private readonly AutoResetEvent _done = new(false);
    private IWork? _work;
    private ExceptionDispatchInfo? _failure;

    /// <summary>High half: parts of the run. Low half: the next one to claim; where the halves are equal there is none.</summary>
    private long _claims;
    private int _pending;
    private int _callerParked;
    private volatile bool _stopping;

    /// <param name="threads">Threads that work, the caller included; at least 1.</param>
    public ThreadTeam(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        Threads = threads;
        _workers = new Worker[threads - 1];
        for (int i = 0; i < _workers.Length; i++) _workers[i] = new Worker(this, i + 1);
    }

    /// <summary>Threads of the team, the caller of <see cref="Run(IWork)"/> included.</summary>
    public int Threads { get; }

    /// <summary>Executes one part for each thread.</summary>
    /// <inheritdoc cref="Run(IWork, int)"/>
    public void Run(IWork work) => Run(work, Threads);

    /// <summary>Executes all parts and returns when they are done. Calls from several threads take turns.</summary>
    /// <param name="work">What to do.</param>
    /// <param name="parts">Its parts, 1 … <see cref="MostParts"/>; threads claim them in ascending order.</param>
    /// <exception cref="InvalidOperationException">Called from within a part.</exception>
    /// <exception cref="ObjectDisposedException">The team is disposed.</exception>
    /// <remarks>If parts throw, all parts are still executed or abandoned first, then the first exception is thrown here.</remarks>
    public void Run(IWork work, int parts)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(parts, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(parts, MostParts);
        if (busy) throw new InvalidOperationException("A part of a team's work cannot start work itself.");
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopping, this);
            _work = work;
            _failure = null;
            Volatile.Write(ref _pending, parts);
            Interlocked.Exchange(ref _claims, ((long)parts << 32) | 1);
            for (int i = 0; i < _workers.Length && i < parts - 1; i++) _workers[i].Wake();
            Execute(0, parts, 0);
            while (TryExecute(0))
            {
            }
            Await();
            _work = null;
            _failure?.Throw();
        }
    }

    /// <summary>Ends the workers. Waits for a run in progress.</summary>
    /// <exception cref="InvalidOperationException">Called from within a part.</exception>
    public void Dispose()
    {
        if (busy) throw new InvalidOperationException("A part of a team's work cannot dispose the team.");
        lock (_gate)
        {
            if (_stopping) return;
            _stopping = true;
            foreach (Worker worker in _workers) worker.Stop();
            _done.Dispose();
        }
    }

    private bool HasWork => Volatile.Read(ref _claims) is var state && (int)state < state >> 32;

    /// <summary>Claims and executes one part. While a claimed part is unfinished its run cannot end, so the work read here is the claimed one.</summary>
    private bool TryExecute(int thread)
    {
        long seen = Volatile.Read(ref _claims);
        while ((int)seen < seen >> 32)
        {
            long before = Interlocked.CompareExchange(ref _claims, seen + 1, seen);
            if (before == seen)
            {
                Execute((int)seen, (int)(seen >> 32), thread);
                return true;
            }
            seen = before;
        }
        return false;
    }

    private void Execute(int part, int parts, int thread)
    {
        busy = true;
        try
        {
            _work!.Execute(part, parts, thread);
        }
        catch (Exception e)
        {
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(e), null);
        }
        busy = false;
        if (Interlocked.Decrement(ref _pending) == 0 && Interlocked.Exchange(ref _callerParked, 0) == 1) _done.Set();
    }

    private void Await()
    {
        for (int i = 0; i < Spins; i++)
        {
            if (Volatile.Read(ref _pending) == 0) return;
            Thread.SpinWait(1);
        }
        for (int i = 0; i < Yields; i++)
        {
            if (Volatile.Read(ref _pending) == 0) return;
            Thread.Yield();
        }
        Interlocked.Exchange(ref _callerParked, 1);
        if (Volatile.Read(ref _pending) == 0 && Interlocked.Exchange(ref _callerParked, 0) == 1) return;

        // Either parts are left, or the last one has taken the flag and sets the event: once for each time the flag was taken.
        _done.WaitOne();
    }

    private sealed class Worker
    {
        private readonly ThreadTeam _team;
        private readonly int _number;
        private readonly Thread _thread;
        private readonly AutoResetEvent _signal = new(false);
        private int _parked;

        public Worker(ThreadTeam team, int number)
        {
            (_team, _number) = (team, number);
            _thread = new Thread(Loop) { IsBackground = true, Name = $"Percheron worker {number}" };
            _thread.Start();
        }

        public void Wake()
        {
            if (Volatile.Read(ref _parked) == 1 && Interlocked.Exchange(ref _parked, 0) == 1) _signal.Set();
        }

        public void Stop()
        {
            Interlocked.MemoryBarrier();
            Wake();
            _thread.Join();
            _signal.Dispose();
        }

        private void Loop()
        {
            while (!_team._stopping)
            {
                if (!_team.TryExecute(_number)) Idle();
            }
        }

        private void Idle()
        {
            for (int i = 0; i < Spins; i++)
            {
                if (_team.HasWork || _team._stopping) return;
                Thread.SpinWait(1);
            }
            for (int i = 0; i < Yields; i++)
            {
                if (_team.HasWork || _team._stopping) return;
                Thread.Yield();
            }
            Interlocked.Exchange(ref _parked, 1);

            // Work published before the flag was seen is found here; work published after finds the flag.
            if ((_team.HasWork || _team._stopping) && Interlocked.Exchange(ref _parked, 0) == 1) return;
            _signal.WaitOne();
        }
    }
}
