using System.Runtime.ExceptionServices;

namespace Percheron.Drafters;

/// <summary>One thread that does one job at a time beside its owner. It parks between jobs at once: the cores are the target's. Handing over a job allocates nothing.</summary>
internal sealed class SideThread : IDisposable
{
    private readonly Action _job;
    private readonly Thread _thread;
    private readonly AutoResetEvent _begin = new(false), _end = new(false);
    private ExceptionDispatchInfo? _failure;
    private bool _running;
    private volatile bool _stopping;

    /// <param name="job">What each <see cref="Start"/> runs once.</param>
    public SideThread(Action job)
    {
        _job = job;
        _thread = new Thread(Loop) { IsBackground = true, Name = "Percheron draft" };
        _thread.Start();
    }

    /// <summary>Runs the job once on the thread. What the owner wrote before is seen by the job.</summary>
    public void Start()
    {
        _running = true;
        _begin.Set();
    }

    /// <summary>Waits for the job, if one is running; what the job wrote is seen behind this.</summary>
    /// <returns>What the job threw, or null.</returns>
    public ExceptionDispatchInfo? Join()
    {
        if (!_running) return null;
        _end.WaitOne();
        _running = false;
        (ExceptionDispatchInfo? failure, _failure) = (_failure, null);
        return failure;
    }

    /// <summary>Waits for the job and ends the thread.</summary>
    public void Dispose()
    {
        Join();
        _stopping = true;
        _begin.Set();
        _thread.Join();
        _begin.Dispose();
        _end.Dispose();
    }

    private void Loop()
    {
        while (true)
        {
            _begin.WaitOne();
            if (_stopping) return;
            try
            {
                _job();
            }
            catch (Exception fault)
            {
                _failure = ExceptionDispatchInfo.Capture(fault);
            }
            _end.Set();
        }
    }
}
