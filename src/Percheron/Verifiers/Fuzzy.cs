using Percheron.Decoding;

namespace Percheron.Verifiers;

/// <summary>
/// Lossy: the output does not have the target's law. Whatever token it is, a candidate is accepted where the laws of draft and target lie close together; elsewhere the exact rule
/// decides. With threshold = 0 the rule is exact.
/// Source: Holsman et al., "Fuzzy speculative decoding for a tunable accuracy-runtime tradeoff", arXiv 2502.20704.
/// </summary>
/// <remarks>The law of a fixed candidate is a point: its total variation from the target's is 1 − p.</remarks>
[Method(Source = "Holsman et al., fuzzy speculative decoding, arXiv 2502.20704")]
public sealed class Fuzzy : Verifier
{
    private readonly RelaxedWalk _walk;
    private readonly double _threshold;
    private readonly Divergence _divergence;

    /// <param name="threshold">Divergence below which any candidate is accepted; 0 is the exact rule.</param>
    /// <param name="divergence">Which divergence.</param>
    public Fuzzy(double threshold = 0.2, Divergence divergence = Divergence.Js)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threshold);
        (_threshold, _divergence) = (threshold, divergence);
        _walk = new RelaxedWalk(IsClose);
    }

    /// <inheritdoc/>
    public override bool IsLossless => false;

    /// <inheritdoc/>
    public override Acceptance Verify(TokenTree tree, ITarget target, Sequence sequence) => _walk.Go(tree, target, sequence);

    private bool IsClose(TokenTree tree, int node, Distribution law, Proposal proposal) => Distance(law, proposal) < _threshold;

    private double Distance(Distribution law, Proposal proposal)
    {
        ReadOnlySpan<int> tokens = law.Tokens, theirs = proposal.Tokens;
        ReadOnlySpan<double> q = proposal.Probabilities;
        double sum = 0;
        int i = 0, j = 0;
        while (i < tokens.Length || j < theirs.Length)
        {
            int ours = i < tokens.Length ? tokens[i] : int.MaxValue, other = j < theirs.Length ? theirs[j] : int.MaxValue;
            sum += Term(ours <= other ? law.Probabilities[i++] : 0, other <= ours ? q[j++] : 0);
        }
        return sum;
    }

    private double Term(double p, double q) => _divergence switch
    {
        Divergence.Kl => Part(p, q),
        Divergence.Tv => Math.Abs(p - q) / 2,
        _ => (Part(p, (p + q) / 2) + Part(q, (p + q) / 2)) / 2,
    };

    private static double Part(double p, double q) => p > 0 ? p * Math.Log(p / q) : 0;
}
