using Percheron.Cli.Generation;
using Percheron.Cli.Output;

namespace Percheron.Cli.Bench;

/// <summary>One drafter with one verifier at one temperature: what its runs add up to.</summary>
internal sealed class BenchCell(string drafter, string verifier, float temperature)
{
    private readonly List<double> _rates = [], _ratios = [];
    private long _committed, _steps, _accepted, _offered;
    private int _same, _runs;

    /// <summary>Adds a run and the plain run it is paired with.</summary>
    public void Add(GenerationResult run, GenerationResult plain)
    {
        _runs++;
        if (run.Tokens.AsSpan().SequenceEqual(plain.Tokens) && run.Text == plain.Text) _same++;
        _committed += run.Statistics.Committed;
        _steps += run.Statistics.Steps;
        _accepted += run.Statistics.Accepted;
        _offered += run.Statistics.Offered;
        // A run of one step has no steady state to measure.
        if (run.DecodeRate > 0) _rates.Add(run.DecodeRate);
        if (run.DecodeRate > 0 && plain.DecodeRate > 0) _ratios.Add(run.DecodeRate / plain.DecodeRate);
    }

    public BenchRow Row() => new(
        drafter, verifier, temperature, _steps == 0 ? 0 : (double)_committed / _steps, _offered == 0 ? null : (double)_accepted / _offered,
        Comparison.Median(_rates), Comparison.Median(_ratios), _runs, _same);
}
