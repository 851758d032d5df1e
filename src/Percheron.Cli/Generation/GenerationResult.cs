using Percheron.Decoding;

namespace Percheron.Cli.Generation;

/// <summary>What one run gave.</summary>
/// <param name="Drafter">Canonical text of who guessed.</param>
/// <param name="Verifier">Canonical text of who decided.</param>
/// <param name="Tokens">Output tokens.</param>
/// <param name="Text">Their text.</param>
/// <param name="Finish">Why it ended.</param>
/// <param name="Statistics">Counters and times.</param>
/// <param name="Budget">What decided how much was drafted.</param>
/// <param name="CacheBytes">Largest size of the target's cache.</param>
/// <param name="LogProbabilities">One for each output token, or none.</param>
internal sealed record GenerationResult(
    string Drafter, string Verifier, int[] Tokens, string Text, FinishReason Finish, DecodingStatistics Statistics, BudgetPolicy Budget, long CacheBytes,
    IReadOnlyList<TokenLogProbabilities> LogProbabilities)
{
    /// <summary>Accepted length that was forced; null where a verifier decided. The text then means nothing.</summary>
    public double? Synthetic { get; init; }

    /// <summary>Tokens each second after the warm-up step; 0 where nothing was measured.</summary>
    public double DecodeRate => Rate(Statistics.DecodeTokens, Statistics.DecodeTime);

    /// <summary>Prompt rows each second.</summary>
    public double PrefillRate => Rate(Statistics.PrefillRows, Statistics.PrefillTime);

    /// <summary>The reason as cli.md spells it.</summary>
    public string FinishText => Finish switch
    {
        FinishReason.Stop => "stop",
        FinishReason.Cancelled => "cancelled",
        _ => "length",
    };

    private static double Rate(long count, TimeSpan time) => time > TimeSpan.Zero ? count / time.TotalSeconds : 0;
}
