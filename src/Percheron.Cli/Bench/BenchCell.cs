using Percheron.Cli.Generation;
using Percheron.Cli.Options;
using Percheron.Cli.Output;

namespace Percheron.Cli.Bench;

/// <summary>One drafter with one verifier at one temperature: what its runs add up to.</summary>
internal sealed class BenchCell(string drafter, string verifier, float temperature)
{
    private readonly List<double> _rates = [], _ratios = [];
    private long _committed, _steps, _accepted, _offered;
    private readonly List<long> _acceptedDepths = [], _offeredDepths = [];
    private double _draftMs, _plainMs;
    private long _plainTokens, _judged;
    private double _logs;
    private int _same, _runs;
    private string _ran = verifier;

    /// <summary>Why a forced acceptance could not be had, if it could not.</summary>
    public string? Shortfall { get; private set; }

    /// <summary>Adds a run and the plain run it is paired with.</summary>
    public void Add(GenerationResult run, GenerationResult plain)
    {
        _runs++;
        _ran = run.Verifier;
        if (run.Synthetic is { } length) Shortfall ??= SyntheticFlag.Shortfall(run, length);
        if (run.Tokens.AsSpan().SequenceEqual(plain.Tokens) && run.Text == plain.Text) _same++;
        _committed += run.Statistics.Committed;
        _steps += run.Statistics.Steps;
        _accepted += run.Statistics.Accepted;
        _offered += run.Statistics.Offered;
        Add(_acceptedDepths, run.Statistics.AcceptedByDepth);
        Add(_offeredDepths, run.Statistics.OfferedByDepth);
        _draftMs += run.Statistics.DraftTime.TotalMilliseconds;
        _plainMs += plain.Statistics.DecodeTime.TotalMilliseconds;
        _plainTokens += plain.Statistics.DecodeTokens;
        // A run of one step has no steady state to measure.
        if (run.DecodeRate > 0) _rates.Add(run.DecodeRate);
        if (run.DecodeRate > 0 && plain.DecodeRate > 0) _ratios.Add(run.DecodeRate / plain.DecodeRate);
    }

    /// <summary>Adds how probable the target finds the tokens of an output.</summary>
    public void AddLogProbabilities(ReadOnlySpan<double?> logs)
    {
        foreach (double? log in logs) _logs += log ?? 0;
        _judged += logs.Length;
    }

    public BenchRow Row() => new(
        drafter, _ran, temperature, _steps == 0 ? 0 : (double)_committed / _steps, _offered == 0 ? null : (double)_accepted / _offered,
        Comparison.Median(_rates), Comparison.Median(_ratios), _runs, _same)
    {
        AcceptedByDepth = Shares(_acceptedDepths),
        OfferedByDepth = Shares(_offeredDepths),
        MeanLogProbability = _judged == 0 ? null : _logs / _judged,
        DraftCost = _steps == 0 || _plainMs == 0 ? 0 : Math.Round(_draftMs / _steps / (_plainMs / _plainTokens), 4),
    };

    private static void Add(List<long> sums, ReadOnlySpan<long> counts)
    {
        for (int depth = 0; depth < counts.Length; depth++)
        {
            if (depth == sums.Count) sums.Add(0);
            sums[depth] += counts[depth];
        }
    }

    private double[] Shares(List<long> counts) => [.. counts.Select(c => Math.Round((double)c / Math.Max(_steps, 1), 4))];
}
