namespace Percheron.Training.Runs;

/// <summary>How long a run goes on and at what rates.</summary>
public sealed record RunOptions
{
    /// <summary>Number of optimizer steps; 0: as many as fit in <see cref="Minutes"/>.</summary>
    public long Steps { get; init; }

    /// <summary>Where <see cref="Steps"/> is given: the first step of the falling rate; 0: the same fraction of the run as one limited by time.</summary>
    public long FallStart { get; init; }

    /// <summary>Wall budget where <see cref="Steps"/> is 0. Time of earlier, resumed parts counts.</summary>
    public double Minutes { get; init; } = 60;

    /// <summary>Workers, each with one thread; the sum over workers has a fixed order, so a resumed run needs the same number for the same bits.</summary>
    public int Threads { get; init; } = 2;

    /// <summary>Rows of one optimizer step.</summary>
    public int RowsPerStep { get; init; } = 16;

    /// <summary>Rows of one forward pass; divides <see cref="RowsPerStep"/>.</summary>
    public int RowsPerPass { get; init; } = 2;

    /// <summary>Highest rate of <see cref="Optimization.Muon"/> (matrices inside the layers).</summary>
    public double MatrixRate { get; init; } = 0.02;

    /// <summary>Highest rate of <see cref="Optimization.Adam"/> (embedding and norms).</summary>
    public double VectorRate { get; init; } = 0.003;

    /// <summary>Steps between measurements of the held-out loss.</summary>
    public int EvaluateEvery { get; init; } = 100;

    /// <summary>Measurements in a row without a better held-out loss after which the run stops.</summary>
    public int Patience { get; init; } = 12;

    /// <summary>Time between checkpoints.</summary>
    public TimeSpan CheckpointEvery { get; init; } = TimeSpan.FromMinutes(4);
}
