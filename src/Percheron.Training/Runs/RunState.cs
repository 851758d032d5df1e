namespace Percheron.Training.Runs;

/// <summary>Where a run is: everything besides tensors that a checkpoint keeps. The data order follows from the seed and <see cref="Step"/>.</summary>
public sealed record RunState
{
    /// <summary>Optimizer steps done.</summary>
    public long Step { get; set; }

    /// <summary>First step of the falling rate; −1 while undecided.</summary>
    public long FallStart { get; set; } = -1;

    /// <summary>The step at which the run ends; −1 while undecided.</summary>
    public long End { get; set; } = -1;

    /// <summary>Seconds spent so far, over all parts of the run.</summary>
    public double Seconds { get; set; }

    /// <summary>Held-out loss of the best parameters: the lowest measured, where nothing else is the criterion.</summary>
    public double BestLoss { get; set; } = double.MaxValue;

    /// <summary>The highest value of the run's criterion, where it has one: held-out accepted length.</summary>
    public double BestScore { get; set; } = double.MinValue;

    /// <summary>The step it was measured at.</summary>
    public long BestStep { get; set; }

    /// <summary>Measurements since then.</summary>
    public int Stale { get; set; }

    /// <summary>The seed of parameters and data order.</summary>
    public ulong Seed { get; init; }
}
