namespace Percheron.Decoding;

/// <summary>Settings of one request.</summary>
public sealed record SequenceOptions
{
    /// <summary>How logits become laws.</summary>
    public SamplingSettings Sampling { get; init; } = new();

    /// <summary>Largest number of output tokens.</summary>
    public int MaxTokens { get; init; } = int.MaxValue;

    /// <summary>Output tokens that must come before a token of <see cref="StopTokens"/> may; other stop conditions are not held back.</summary>
    public int MinTokens { get; init; }

    /// <summary>What the output must look like; null allows everything.</summary>
    public ITokenConstraint? Constraint { get; init; }

    /// <summary>Seed of all randomness.</summary>
    public ulong Seed { get; init; }

    /// <summary>Tokens that end the sequence; the token itself is kept. Empty ignores them.</summary>
    public IReadOnlyList<int> StopTokens { get; init; } = [];

    /// <summary>Other conditions that end the sequence; each belongs to this sequence alone.</summary>
    public IReadOnlyList<IStopCondition> Stops { get; init; } = [];

    /// <summary>The source of randomness, if not the one that the verifier asks for, made from <see cref="Seed"/>.</summary>
    public RandomSource? Random { get; init; }
}
