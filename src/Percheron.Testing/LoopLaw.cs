namespace Percheron.Testing;

/// <summary>The exact law of what a loop writes.</summary>
/// <param name="Law">Probability of every text of the given length, the first token counting most [vocab^length].</param>
/// <param name="Runs">Number of ways the random questions can be answered.</param>
/// <param name="Mass">Sum of the weights of all runs: 1, unless the enumeration was given up or is itself wrong.</param>
public sealed record LoopLaw(double[] Law, long Runs, double Mass)
{
    /// <summary>Largest difference in the probability of one text.</summary>
    public double Distance(double[] law)
    {
        double most = 0;
        for (int i = 0; i < law.Length; i++) most = Math.Max(most, Math.Abs(Law[i] - law[i]));
        return most;
    }
}
