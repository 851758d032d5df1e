namespace Percheron.Cli.Generation;

/// <summary>The log-probability of one token and of the most probable ones, all natural logarithms.</summary>
internal sealed record TokenLogProbabilities(double LogProbability, IReadOnlyList<(int Token, double LogProbability)> Top)
{
    /// <summary>Reads them off one row of logits [vocab].</summary>
    public static TokenLogProbabilities Of(ReadOnlySpan<float> logits, int token, int top)
    {
        double total = LogSum(logits);
        var best = new (int Token, double LogProbability)[Math.Min(top, logits.Length)];
        int count = 0;
        for (int i = 0; best.Length > 0 && i < logits.Length; i++)
        {
            if (count == best.Length && !(logits[i] - total > best[^1].LogProbability)) continue;
            if (count < best.Length) count++;
            int at = count - 1;
            // Equal logits keep the order of their ids.
            for (; at > 0 && best[at - 1].LogProbability < logits[i] - total; at--) best[at] = best[at - 1];
            best[at] = (i, logits[i] - total);
        }
        return new TokenLogProbabilities(logits[token] - total, best);
    }

    /// <summary>Natural logarithm of the sum of the exponentials, in double precision.</summary>
    public static double LogSum(ReadOnlySpan<float> logits)
    {
        float max = float.NegativeInfinity;
        foreach (float logit in logits) max = Math.Max(max, logit);
        double sum = 0;
        foreach (float logit in logits) sum += Math.Exp((double)logit - max);
        return max + Math.Log(sum);
    }
}
