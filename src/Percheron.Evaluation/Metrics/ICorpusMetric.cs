namespace Percheron.Evaluation.Metrics;

/// <summary>
/// A score of a whole corpus that is a function of sums over its samples: BLEU, error rates, means, the Fréchet distance. Whoever has the sums of each sample can score any resample of them, which
/// is what a bootstrap needs.
/// </summary>
public interface ICorpusMetric
{
    /// <summary>As reports spell it, such as <c>BLEU</c>.</summary>
    string Name { get; }

    /// <summary>Numbers that are added up for each sample.</summary>
    int Size { get; }

    /// <summary>Whether a larger score is the better one.</summary>
    bool HigherIsBetter { get; }

    /// <summary>Adds what was observed of one sample; by default its numbers as they are.</summary>
    /// <param name="observation">What <c>Count</c> of the metric makes of a sample.</param>
    /// <param name="sums">[Size], added to.</param>
    void Add(ReadOnlySpan<double> observation, Span<double> sums)
    {
        for (int i = 0; i < observation.Length; i++) sums[i] += observation[i];
    }

    /// <summary>The score of sums [Size] over some samples; not a number where they define none.</summary>
    double Score(ReadOnlySpan<double> sums);
}
