using Percheron.Cli.Output;
using Percheron.Decoding;
using Percheron.Evaluation.Metrics;

namespace Percheron.Cli.Quality;

/// <summary>Turns the log of an evaluation into the rows of its report. Outputs that are those of plain decoding are not judged again.</summary>
internal sealed class Scoreboard(EvaluationPlan plan, IModality modality, Catalog catalog, EvaluationLog log)
{
    // An interval's width is known to a few percent from so many; FID needs eigenvalues for each of them.
    private static readonly Bootstrap Resampling = new(1000), Coarse = new(200);

    private const int ManySums = 256;

    private readonly Dictionary<int, double[][]> _plain = [];

    /// <summary>Rows of all contenders, plain decoding first.</summary>
    /// <param name="stop">Ends it with what was judged until then dropped.</param>
    public IReadOnlyList<EvaluationRow> Rows(CancellationToken stop)
    {
        SampleSums[]? plain = null;
        List<EvaluationRow> rows = [];
        foreach (Contender contender in plan.Contenders)
        {
            if (stop.IsCancellationRequested) break;
            int identical = 0;
            SampleSums[] sums = Judge(contender, ref identical);
            plain ??= sums;
            MetricRow[] metrics = [.. modality.Metrics.Select((m, i) => Row(m, plain[i], sums[i], contender))];
            EvaluationLine[] lines = [.. Starts().Select(first => log.Outputs(contender, first)!)];
            long steps = lines.Sum(l => l.Steps);
            rows.Add(new EvaluationRow(contender.Drafter, contender.Verifier, contender.Budget, Lossless(contender), Speed(contender), steps == 0 ? 0 : (double)lines.Sum(l => l.Committed) / steps, plan.Samples, identical, metrics));
        }
        return rows;
    }

    /// <summary>What a contender put out for a prompt.</summary>
    public int[] Output(Contender contender, int index) => log.Outputs(contender, index / plan.Batch * plan.Batch)!.Outputs![index % plan.Batch];

    private bool Lossless(Contender contender) => catalog.Verifier(contender.Verifier, modality.Host).IsLossless;

    private IEnumerable<int> Starts() => Enumerable.Range(0, (plan.Samples + plan.Batch - 1) / plan.Batch).Select(b => b * plan.Batch);

    // Large sums are added up by blocks from the beginning: that is how they are resampled, and there is no room for one of each sample.
    private SampleSums[] Judge(Contender contender, ref int identical)
    {
        SampleSums[] sums = [.. modality.Metrics.Select(m => new SampleSums(m.Size))];
        for (int index = 0; index < plan.Samples; index++)
        {
            int[] output = Output(contender, index);
            bool same = !contender.IsPlain && output.AsSpan().SequenceEqual(Output(Contender.Plain, index));
            if (same || contender.IsPlain) identical++;
            double[][] observed = same ? _plain[index] : modality.Judge(index, output);
            if (contender.IsPlain) _plain[index] = observed;
            for (int m = 0; m < sums.Length; m++)
            {
                ICorpusMetric metric = modality.Metrics[m];
                int blocks = Math.Min(plan.Samples, Bootstrap.MostSamples(metric.Size));
                bool begins = index == 0 || (long)index * blocks / plan.Samples != (long)(index - 1) * blocks / plan.Samples;
                metric.Add(observed[m], begins ? sums[m].Add() : sums[m].Last);
            }
        }
        return sums;
    }

    private static MetricRow Row(ICorpusMetric metric, SampleSums plain, SampleSums sums, Contender contender)
    {
        Bootstrap bootstrap = metric.Size > ManySums ? Coarse : Resampling;
        Interval score = bootstrap.Of(metric, sums);
        return new MetricRow(metric.Name, metric.HigherIsBetter, score.Value, score.Low, score.High) { Loss = contender.IsPlain ? null : LossRow.Of(bootstrap.Loss(metric, plain, sums)) };
    }

    // Ratio of the times of all timed prompts together, so that long answers count as much as they take; resampled by prompt.
    private SpeedRow? Speed(Contender contender)
    {
        EvaluationLine[] lines = [.. log.Times.Where(l => l.Contender == contender.Name && l.First < plan.SpeedSamples && l.Turn < plan.Turns)];
        if (lines.Length == 0) return null;
        SampleSums sums = new(2);
        foreach (IGrouping<int, EvaluationLine> prompt in lines.GroupBy(l => l.First).OrderBy(g => g.Key))
        {
            Span<double> sample = sums.Add();
            sample[0] = prompt.Sum(l => l.PlainMs);
            sample[1] = prompt.Sum(l => l.Ms);
        }
        Interval ratio = Resampling.Of(new MeanScore("× plain", higherIsBetter: true), sums);
        return new SpeedRow(ratio.Value, ratio.Low, ratio.High, lines.Sum(l => l.Committed) / lines.Sum(l => l.Ms) * 1000, lines.Sum(l => l.Ms) / lines.Length, lines.Sum(l => l.PlainMs) / lines.Length, (double)lines.Sum(l => l.Committed) / Math.Max(1, lines.Sum(l => l.Steps)), lines.Length);
    }
}
