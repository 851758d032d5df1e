namespace Percheron.Decoding;

/// <summary>
/// Who runs in the next step: admits waiting sequences first come, first served, and preempts the newest when the caches would hold too many rows. A preempted sequence
/// goes back to the head of the queue and is rebuilt by reading its tokens again; its text does not change.
/// </summary>
public sealed class Scheduler
{
    private readonly Decoder _decoder;
    private readonly LinkedList<Sequence> _waiting = new();
    private readonly List<Sequence> _running = [];
    private readonly int _maxRunning;
    private readonly long _maxRows;

    /// <param name="decoder">Does the steps.</param>
    /// <param name="maxRunning">Largest batch.</param>
    /// <param name="maxRows">Cache rows of all running sequences together; a single sequence may exceed it when it runs alone.</param>
    public Scheduler(Decoder decoder, int maxRunning = 8, long maxRows = long.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxRunning, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxRows, 1);
        (_decoder, _maxRunning, _maxRows) = (decoder, maxRunning, maxRows);
    }

    /// <summary>Sequences in the current batch.</summary>
    public IReadOnlyList<Sequence> Running => _running;

    /// <summary>Sequences that wait, preempted ones included.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>How many times a sequence was preempted.</summary>
    public long Preemptions { get; private set; }

    /// <summary>Queues a sequence.</summary>
    public void Submit(Sequence sequence) => _waiting.AddLast(sequence);

    /// <summary>Runs one step; false when nothing is left to do.</summary>
    public bool Step()
    {
        Leave();
        Preempt();
        Admit();
        if (_running.Count == 0) return false;
        _decoder.Step(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_running));
        return true;
    }

    // Those that ended by themselves are released already; those that were cancelled since the last step are not.
    private void Leave()
    {
        for (int i = _running.Count - 1; i >= 0; i--)
        {
            if (!_running[i].Done) continue;
            _decoder.Release(_running[i]);
            _running.RemoveAt(i);
        }
    }

    private void Preempt()
    {
        while (_running.Count > 1 && Rows() > _maxRows)
        {
            Sequence newest = _running[^1];
            _running.RemoveAt(_running.Count - 1);
            _decoder.Preempt(newest);
            _waiting.AddFirst(newest);
            Preemptions++;
        }
    }

    private void Admit()
    {
        long rows = Rows();
        while (_running.Count < _maxRunning && _waiting.First is { } first)
        {
            Sequence next = first.Value;
            if (_running.Count > 0 && rows + next.Count > _maxRows) return;
            _waiting.RemoveFirst();
            if (next.Done)
            {
                _decoder.Release(next);
                continue;
            }
            _running.Add(next);
            rows += next.Count;
        }
    }

    private long Rows()
    {
        long rows = 0;
        foreach (Sequence s in _running) rows += s.Count;
        return rows;
    }
}
