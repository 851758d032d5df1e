using Percheron.Decoding;

namespace Percheron.Cli.Generation;

/// <summary>What one run gave.</summary>
/// <param name="Drafter">Canonical text of who guessed.</param>
/// <param name="Verifier">Canonical text of who decided.</param>
/// <param name="Samples">The texts, at least one.</param>
/// <param name="Statistics">Counters and times of all of them.</param>
/// <param name="Budget">What decided how much was drafted.</param>
/// <param name="CacheBytes">Largest size of the target's caches.</param>
internal sealed record GenerationResult(
    string Drafter, string Verifier, IReadOnlyList<SampleResult> Samples, DecodingStatistics Statistics, BudgetPolicy Budget, long CacheBytes)
{
    /// <summary>Accepted length that was forced; null where a verifier decided. The text then means nothing.</summary>
    public double? Synthetic { get; init; }

    /// <summary>Output tokens of the first text.</summary>
    public int[] Tokens => Samples[0].Tokens;

    /// <summary>The first text.</summary>
    public string Text => Samples[0].Text;

    /// <summary>Why the first text ended, as cli.md spells it.</summary>
    public string FinishText => Samples[0].FinishText;

    /// <summary>Tokens each second after the warm-up step; 0 where nothing was measured.</summary>
    public double DecodeRate => Rate(Statistics.DecodeTokens, Statistics.DecodeTime);

    /// <summary>Prompt rows each second.</summary>
    public double PrefillRate => Rate(Statistics.PrefillRows, Statistics.PrefillTime);

    private static double Rate(long count, TimeSpan time) => time > TimeSpan.Zero ? count / time.TotalSeconds : 0;
}
