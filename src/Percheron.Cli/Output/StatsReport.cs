using System.Diagnostics;
using Percheron.Cli.Generation;
using Percheron.Decoding;

namespace Percheron.Cli.Output;

/// <summary>The <c>stats</c> of a run, as cli.md names them.</summary>
internal sealed record StatsReport
{
    /// <summary>Sequence-steps that could commit.</summary>
    public required long Steps { get; init; }

    /// <summary>Tokens committed.</summary>
    public required long Committed { get; init; }

    /// <summary>Candidates shown to the verifier.</summary>
    public required long Offered { get; init; }

    /// <summary>Candidates accepted.</summary>
    public required long Accepted { get; init; }

    /// <summary>τ.</summary>
    public required double AcceptedLength { get; init; }

    /// <summary>Accepted candidates at depth 1, 2, …</summary>
    public required long[] AcceptedByDepth { get; init; }

    /// <summary>Steps that offered a candidate at depth 1, 2, …</summary>
    public required long[] OfferedByDepth { get; init; }

    public required double PrefillMs { get; init; }

    public required double PrefillTokensPerSecond { get; init; }

    /// <summary>Time of decoding after the warm-up step.</summary>
    public required double DecodeMs { get; init; }

    public required double DecodeTokensPerSecond { get; init; }

    public required double DraftMs { get; init; }

    public required double TargetMs { get; init; }

    public required double VerifyMs { get; init; }

    /// <summary>Largest resident size of the process so far.</summary>
    public required long PeakMemoryBytes { get; init; }

    /// <summary>Largest size of the target's cache.</summary>
    public required long CacheBytes { get; init; }

    public static StatsReport Of(GenerationResult result)
    {
        DecodingStatistics s = result.Statistics;
        using Process process = Process.GetCurrentProcess();
        return new StatsReport
        {
            Steps = s.Steps,
            Committed = s.Committed,
            Offered = s.Offered,
            Accepted = s.Accepted,
            AcceptedLength = s.AcceptedLength,
            AcceptedByDepth = s.AcceptedByDepth.ToArray(),
            OfferedByDepth = s.OfferedByDepth.ToArray(),
            PrefillMs = s.PrefillTime.TotalMilliseconds,
            PrefillTokensPerSecond = result.PrefillRate,
            DecodeMs = s.DecodeTime.TotalMilliseconds,
            DecodeTokensPerSecond = result.DecodeRate,
            DraftMs = s.DraftTime.TotalMilliseconds,
            TargetMs = s.TargetTime.TotalMilliseconds,
            VerifyMs = s.VerifyTime.TotalMilliseconds,
            PeakMemoryBytes = process.PeakWorkingSet64,
            CacheBytes = result.CacheBytes,
        };
    }
}
