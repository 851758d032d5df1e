namespace Percheron.Decoding;

/// <summary>Settings of a decoder, the same for all its sequences.</summary>
public sealed record DecoderOptions
{
    /// <summary>How many nodes each sequence may draft; the drafter's own depth, up to 64 nodes, if null.</summary>
    public BudgetPolicy? Budget { get; init; }

    /// <summary>Largest number of catch-up rows in one forward: a longer prompt is read in chunks.</summary>
    public int ChunkRows { get; init; } = 256;

    /// <summary>Refinement rounds without a commit after which the loop commits the target's own token.</summary>
    public int MaxRounds { get; init; } = 64;

    /// <summary>Where times come from.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Sees every finished step.</summary>
    public IStepObserver? Observer { get; init; }
}
