using Percheron.Decoding;

namespace Percheron.Cli.Generation;

/// <summary>What to generate, apart from who guesses and decides.</summary>
internal sealed record GenerationRequest
{
    /// <summary>At least one token.</summary>
    public required int[] Prompt { get; init; }

    public required SamplingSettings Sampling { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>Texts to generate, each with a seed of its own; at least 1.</summary>
    public int Samples { get; init; } = 1;

    /// <summary>The seeds of the texts.</summary>
    public IReadOnlyList<ulong> Seeds => [.. Enumerable.Range(0, Samples).Select(i => RandomSource.DeriveSeed(Seed, i))];

    /// <summary>Largest number of output tokens of each text.</summary>
    public required int MaxTokens { get; init; }

    /// <summary>Output tokens that come before one that ends the text may.</summary>
    public int MinTokens { get; init; }

    /// <summary>What the output must look like; null allows everything.</summary>
    public ITokenConstraint? Constraint { get; init; }

    /// <summary>Texts that end the output.</summary>
    public IReadOnlyList<string> Stops { get; init; } = [];

    /// <summary>The token that ends a text is an ordinary one.</summary>
    public bool IgnoreEos { get; init; }

    /// <summary>Alternatives to note for each token; −1 for no log-probabilities at all.</summary>
    public int LogProbabilities { get; init; } = -1;
}
