namespace Percheron.Planning;

/// <summary>What the planner knows of one drafter: what its forwards take, what it wins, and whether it pauses.</summary>
/// <param name="levelCost">What a level of a tree below the first costs, as a share of the first one's forward (<see cref="Models.IModel.LevelCost"/>).</param>
internal sealed class DrafterRecord(double levelCost = 1)
{
    private const int FirstPause = 4, LongestPause = 512;

    // The moving averages go over about so many steps.
    private const int Steps = 8;

    private CostModel _cost = new();

    // What forwards take as a multiple of what the table says, with all that a drafter does besides; NaN until one was measured.
    private double _factor = double.NaN;
    private double _context;
    private int _pause, _sequences = 1;

    /// <summary>What a level of a tree below the first costs, as a share of the first one's forward.</summary>
    public double LevelCost { get; } = levelCost;

    /// <summary>Milliseconds of a tree's first forward in this step; NaN until one was measured.</summary>
    public double ForwardMs { get; private set; } = double.NaN;

    /// <summary>Milliseconds for each committed token its model reads; NaN until it read some.</summary>
    public double ReadMs { get; set; } = double.NaN;

    /// <summary>Tokens it is expected to win in a step, its time and rows deducted; it starts with credit.</summary>
    public float Gain { get; private set; } = 0.25f;

    /// <summary>Steps to go before it is tried again.</summary>
    public int Wait { get; private set; }

    /// <summary>Whether it is only tried in this step: one forward, and one node where each level is a forward.</summary>
    public bool Trying { get; set; }

    /// <summary>Whether it would have to read more than that may cost.</summary>
    public bool Barred { get; set; }

    /// <summary>What is left of a row of its nodes for the target, where it has begun them itself.</summary>
    public float RowShare { get; private set; } = 1;

    /// <summary>Of the step: sequences it was asked for, nodes, forwards, committed tokens read, candidates accepted, and as many as were expected.</summary>
    public int Trees, Nodes, Forwards, RowsRead, Accepted;

    public float Expected;

    /// <summary>The forwards of the step, each counted by what it costs beside the first.</summary>
    public double Work => Forwards == 0 ? 0 : 1 + ((Forwards - 1) * LevelCost);

    /// <summary>Milliseconds that the committed tokens took which its model read in the step, as far as that is known.</summary>
    public double ReadingMs => double.IsNaN(ReadMs) ? 0 : RowsRead * ReadMs;

    /// <summary>What its model's forwards take, before they are measured at work.</summary>
    public void Know(CostModel cost, int chunk)
    {
        (_cost, _factor) = (cost, 1);
        ForwardMs = cost.Milliseconds(1);
        ReadMs = double.IsNaN(cost.RowReadMs) ? (cost.Milliseconds(chunk) - ForwardMs) / (chunk - 1) : cost.RowReadMs;
    }

    /// <summary>A step of so many sequences begins, which are so long on average.</summary>
    public void Begin(int sequences, double context)
    {
        (_sequences, _context) = (sequences, context);
        if (!double.IsNaN(_factor)) ForwardMs = _factor * _cost.Milliseconds(sequences, context, sequences);
        (Trees, Nodes, Forwards, RowsRead, Accepted, Expected) = (0, 0, 0, 0, 0, 0);
        if (Wait > 0) Wait--;
        Trying = false;
    }

    /// <summary>Notes what a forward took.</summary>
    public void Forwarded(double milliseconds)
    {
        double factor = milliseconds / _cost.Milliseconds(_sequences, _context, _sequences);
        // One that was interrupted counts as twice as long, no more.
        _factor = double.IsNaN(_factor) ? factor : _factor + ((Math.Min(factor, 2 * _factor) - _factor) / Steps);
    }

    /// <summary>Notes what reading took for each token.</summary>
    public void Read(double milliseconds) => ReadMs = double.IsNaN(ReadMs) ? milliseconds : ReadMs + ((Math.Min(milliseconds, 2 * ReadMs) - ReadMs) / Steps);

    /// <summary>Notes how much of all rows of the step the target had to run, of which so many were there without any nodes; nobody else had nodes.</summary>
    public void Ran(double work, int rows)
    {
        if (Nodes > 0) RowShare = (float)Math.Clamp((work - rows) / Nodes, 0, 1);
    }

    /// <summary>Notes what a step was expected to win, and what it won. A drafter with a model that loses pauses, for twice as long each time; a step that won ends the pauses.</summary>
    public void Won(float gain, float won)
    {
        Gain += (gain - Gain) / Steps;
        if (Forwards == 0) return;
        if (Gain >= 0)
        {
            _pause = 0;
            return;
        }
        _pause = won > 0 ? 0 : Math.Clamp(2 * _pause, FirstPause, LongestPause);
        Wait = _pause;
    }
}
