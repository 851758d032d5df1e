namespace Percheron.Decoding;

/// <summary>What was drafted, accepted and committed, and what it took. One definition of every number, for a decoder or for one sequence.</summary>
public sealed class DecodingStatistics
{
    private long[] _accepted = new long[8], _offered = new long[8];
    private int _acceptedDepths, _offeredDepths;

    /// <summary>Steps × sequences that could commit, refinement rounds that committed nothing included; steps that only read a prompt do not count.</summary>
    public long Steps { get; internal set; }

    /// <summary>Tokens committed.</summary>
    public long Committed { get; internal set; }

    /// <summary>Candidates shown to the verifier; probes do not count.</summary>
    public long Offered { get; internal set; }

    /// <summary>Candidates accepted, without what the limit or a stop condition cut off in their step.</summary>
    public long Accepted { get; internal set; }

    /// <summary>Rows the target evaluated, prompts included.</summary>
    public long Rows { get; internal set; }

    /// <summary>Accepted candidates at depth 1, 2, …</summary>
    public ReadOnlySpan<long> AcceptedByDepth => _accepted.AsSpan(0, _acceptedDepths);

    /// <summary>Steps that offered a candidate at depth 1, 2, …; accepted candidates there ÷ these is the acceptance by depth.</summary>
    public ReadOnlySpan<long> OfferedByDepth => _offered.AsSpan(0, _offeredDepths);

    /// <summary>τ: committed tokens for each sequence-step.</summary>
    public double AcceptedLength => Steps == 0 ? 0 : (double)Committed / Steps;

    /// <summary>α: accepted candidates for each one offered.</summary>
    public double Acceptance => Offered == 0 ? 0 : (double)Accepted / Offered;

    /// <summary>Time of steps that read a prompt, and prompt rows they evaluated.</summary>
    public TimeSpan PrefillTime { get; internal set; }

    /// <summary>Rows evaluated in steps that read a prompt.</summary>
    public long PrefillRows { get; internal set; }

    /// <summary>Time of steps that only decode; the first of them is left out, so that it is steady state and not the just-in-time compiler.</summary>
    public TimeSpan DecodeTime { get; internal set; }

    /// <summary>Tokens committed within <see cref="DecodeTime"/>.</summary>
    public long DecodeTokens { get; internal set; }

    /// <summary>Time spent drafting, observing included.</summary>
    public TimeSpan DraftTime { get; internal set; }

    /// <summary>Time of the target's forwards.</summary>
    public TimeSpan TargetTime { get; internal set; }

    /// <summary>Time spent turning logits into laws and verifying.</summary>
    public TimeSpan VerifyTime { get; internal set; }

    internal void CountPath(int offered, int accepted)
    {
        Count(ref _offered, ref _offeredDepths, offered);
        Count(ref _accepted, ref _acceptedDepths, accepted);
        Accepted += accepted;
    }

    private static void Count(ref long[] byDepth, ref int depths, int depth)
    {
        if (depth > byDepth.Length) Array.Resize(ref byDepth, 2 * depth);
        for (int i = 0; i < depth; i++) byDepth[i]++;
        depths = Math.Max(depths, depth);
    }
}
