namespace Percheron.Planning;

/// <summary>What the planner knows of one drafter: what its forwards take, what it wins, and whether it pauses.</summary>
internal sealed class DrafterRecord
{
    private const int FirstPause = 4, LongestPause = 512;

    // The moving averages go over about so many steps.
    private const int Steps = 8;

    private int _pause;

    /// <summary>Milliseconds of one forward; NaN until one was measured.</summary>
    public double ForwardMs { get; set; } = double.NaN;

    /// <summary>Milliseconds for each committed token its model reads; NaN until it read some.</summary>
    public double ReadMs { get; set; } = double.NaN;

    /// <summary>Tokens it is expected to win in a step, its time and rows deducted; it starts with credit.</summary>
    public float Gain { get; private set; } = 0.25f;

    /// <summary>Steps to go before it is tried again.</summary>
    public int Wait { get; private set; }

    /// <summary>Whether it is only tried in this step: one forward, one node.</summary>
    public bool Trying { get; set; }

    /// <summary>Whether it would have to read more than that may cost.</summary>
    public bool Barred { get; set; }

    /// <summary>Of the step: sequences it was asked for, nodes, forwards, committed tokens read, candidates accepted, and as many as were expected.</summary>
    public int Trees, Nodes, Forwards, RowsRead, Accepted;

    public float Expected;

    /// <summary>A step begins.</summary>
    public void Begin()
    {
        (Trees, Nodes, Forwards, RowsRead, Accepted, Expected) = (0, 0, 0, 0, 0, 0);
        if (Wait > 0) Wait--;
        Trying = false;
    }

    /// <summary>Notes what a forward took.</summary>
    public void Forwarded(double milliseconds)
    {
        // One that was interrupted counts as twice as long, no more.
        ForwardMs = double.IsNaN(ForwardMs) ? milliseconds : ForwardMs + ((Math.Min(milliseconds, 2 * ForwardMs) - ForwardMs) / Steps);
    }

    /// <summary>Notes what reading took for each token.</summary>
    public void Read(double milliseconds) => ReadMs = double.IsNaN(ReadMs) ? milliseconds : ReadMs + ((milliseconds - ReadMs) / Steps);

    /// <summary>Notes what a step was expected to win. A drafter with a model that loses pauses, for twice as long each time; a candidate that was accepted ends the pauses.</summary>
    public void Won(float gain)
    {
        Gain += (gain - Gain) / Steps;
        if (Forwards == 0) return;
        if (Gain >= 0)
        {
            _pause = 0;
            return;
        }
        _pause = Accepted > 0 ? 0 : Math.Clamp(2 * _pause, FirstPause, LongestPause);
        Wait = _pause;
    }
}
