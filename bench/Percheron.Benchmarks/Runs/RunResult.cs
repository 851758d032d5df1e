using Percheron.Decoding;

namespace Percheron.Benchmarks.Runs;

/// <summary>What one run took.</summary>
/// <param name="Seconds">All of it, reading prompts and experiments included.</param>
/// <param name="Statistics">Of its decoder.</param>
internal sealed record RunResult(double Seconds, DecodingStatistics Statistics)
{
    /// <summary>Tokens a second after the step that read the prompts and one more.</summary>
    public double DecodeRate => Statistics.DecodeTime > TimeSpan.Zero ? Statistics.DecodeTokens / Statistics.DecodeTime.TotalSeconds : 0;
}
