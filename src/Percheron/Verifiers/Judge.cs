using Percheron.Decoding;
using Percheron.Models;
using Percheron.Models.Heads;

namespace Percheron.Verifiers;

/// <summary>
/// Lossy: the output does not have the target's law. A candidate is accepted if a small trained head, reading the target's hidden state in the candidate's own row, finds it right in its
/// context; what it does not take is put to the exact rule. With threshold = 1 the rule is exact.
/// Source: Bachmann et al., "Judge decoding: faster speculative sampling requires going beyond model alignment", arXiv 2501.19309, section 3.
/// </summary>
/// <remarks>The token after the path is drawn from the target's law itself, at temperature 0 its best. A token that the settings forbid is never taken.</remarks>
[Method(Source = "Bachmann et al., Judge decoding, arXiv 2501.19309, section 3")]
public sealed class Judge : Verifier
{
    private readonly RelaxedWalk _walk;
    private readonly JudgeHead _judge;
    private readonly double _threshold;
    private ITarget _target = null!;

    /// <param name="judge">The head; it belongs to the target.</param>
    /// <param name="threshold">How sure it must be, 0 to 1; at 1 it takes nothing and the rule is exact.</param>
    /// <exception cref="ArgumentOutOfRangeException">The threshold is no probability.</exception>
    public Judge(JudgeHead judge, double threshold = 0.5)
    {
        if (!(threshold is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(threshold), "threshold is a probability, 0 to 1; 1 is the exact rule");
        (_judge, _threshold, Features) = (judge, threshold, new FeatureSet(judge.State));
        _walk = new RelaxedWalk(IsRight);
    }

    /// <inheritdoc/>
    public override bool IsLossless => false;

    /// <inheritdoc/>
    public override FeatureSet Features { get; }

    /// <inheritdoc/>
    public override Acceptance Verify(TokenTree tree, ITarget target, Sequence sequence)
    {
        _target = target;
        return _walk.Go(tree, target, sequence);
    }

    private bool IsRight(TokenTree tree, int node, Distribution law, Proposal proposal) => _judge.Probability(_target.Hidden(node, _judge.State)) > _threshold;
}
