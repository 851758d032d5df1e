using Percheron.Decoding;

namespace Percheron.Verifiers;

/// <summary>What is left of a target's law when candidates have been turned down; kept in double precision, so that many subtractions stay exact.</summary>
internal sealed class Residual
{
    /// <summary>
    /// A remainder this small is rounding: the candidate was certain to be accepted, and there is nothing to correct with.
    /// Taking it as accepted moves the law by less than this.
    /// </summary>
    public const double Epsilon = 1e-9;

    private double[] _weights = [];
    private float[] _picking = [];
    private Distribution _law = null!;

    /// <summary>Sum of the weights.</summary>
    public double Total { get; private set; }

    private Span<double> Weights => _weights.AsSpan(0, _law.Count);

    /// <summary>Weight of <paramref name="token"/>; divided by <see cref="Total"/> it is a probability.</summary>
    public double this[int token] => _law.IndexOf(token) is >= 0 and var at ? _weights[at] : 0;

    /// <summary>Begins with the whole law of a node, times <paramref name="scale"/>.</summary>
    public void Start(Distribution law, double scale = 1)
    {
        _law = law;
        if (_weights.Length < law.Count) Array.Resize(ref _weights, Math.Max(law.Count, 2 * _weights.Length));
        double sum = 0;
        ReadOnlySpan<float> probabilities = law.Probabilities;
        foreach (float p in probabilities) sum += p;
        for (int i = 0; i < probabilities.Length; i++) _weights[i] = probabilities[i] * (scale / sum);
        Total = scale;
    }

    /// <summary>Takes <paramref name="token"/> out of the weights, which are first brought to the sum <see cref="Total"/>/<paramref name="unit"/>: a fixed candidate was turned down.</summary>
    public void Remove(int token, double unit)
    {
        if (_law.IndexOf(token) is >= 0 and var at) _weights[at] = 0;
        double sum = 0;
        foreach (ref double w in Weights) sum += w /= unit;
        Total = sum;
    }

    /// <summary>Takes <paramref name="token"/> out; the sum stands until the next subtraction.</summary>
    public void Clear(int token)
    {
        if (_law.IndexOf(token) is >= 0 and var at) _weights[at] = 0;
    }

    /// <summary>
    /// Takes away what drawn candidates covered: weights − share · min(proposal, weights/ρ), weights and proposal first brought to the sums <see cref="Total"/>/<paramref name="unit"/>
    /// and 1. Without ρ and share that is (weights − proposal)₊: one candidate was turned down.
    /// </summary>
    public void Subtract(Proposal proposal, double unit, double rho = 1, double share = 1) => Subtract(proposal.Tokens, proposal.Probabilities, unit, rho, share);

    /// <summary>The same for any law q over <paramref name="theirs"/>, ascending.</summary>
    public void Subtract(ReadOnlySpan<int> theirs, ReadOnlySpan<double> q, double unit, double rho = 1, double share = 1)
    {
        ReadOnlySpan<int> tokens = _law.Tokens;
        Span<double> weights = Weights;
        int j = 0;
        double scale = 1 / unit, sum = 0;
        for (int i = 0; i < tokens.Length; i++)
        {
            while (j < theirs.Length && theirs[j] < tokens[i]) j++;
            double weight = weights[i] * scale;
            if (j < theirs.Length && theirs[j] == tokens[i]) weight = Math.Max(0, weight - (share * Math.Min(q[j], weight / rho)));
            weights[i] = weight;
            sum += weight;
        }
        Total = sum;
    }

    /// <summary>Σ min(proposal, weights/ρ), both first brought to the sum 1.</summary>
    public double Overlap(Proposal proposal, double rho)
    {
        ReadOnlySpan<int> tokens = _law.Tokens, theirs = proposal.Tokens;
        ReadOnlySpan<double> q = proposal.Probabilities;
        Span<double> weights = Weights;
        double scale = 1 / (Total * rho), sum = 0;
        for (int i = 0, j = 0; i < tokens.Length && j < theirs.Length;)
        {
            if (theirs[j] == tokens[i]) sum += Math.Min(q[j++], weights[i++] * scale);
            else if (theirs[j] < tokens[i]) j++;
            else i++;
        }
        return sum;
    }

    /// <summary>A token of what is left.</summary>
    public int Pick(RandomSource random)
    {
        Span<double> weights = Weights;
        if (_picking.Length < weights.Length) Array.Resize(ref _picking, Math.Max(weights.Length, 2 * _picking.Length));
        // Normalized first: a small remainder must not fall below the range of float.
        for (int i = 0; i < weights.Length; i++) _picking[i] = (float)(weights[i] / Total);
        return _law.Tokens[random.Pick(_picking.AsSpan(0, weights.Length))];
    }
}
