namespace Percheron.Decoding;

/// <summary>The target as a verifier sees it: an oracle that has been evaluated on the tree.</summary>
public interface ITarget
{
    /// <summary>The law of the token after <paramref name="node"/>, all sampling settings applied along the node's path. It belongs to the decoder; do not change it.</summary>
    Distribution Law(int node);

    /// <summary>
    /// The law by which a lossy rule judges a candidate: <see cref="Law"/>, but at temperature 0 that of temperature 1, in which a second best has a probability at all. What is drawn
    /// is drawn from <see cref="Law"/>.
    /// </summary>
    Distribution Judgement(int node) => Law(node);

    /// <summary>Hidden state <paramref name="state"/> (<see cref="Models.FeatureSet"/>) at <paramref name="node"/> [HiddenSize]; the verifier must have asked for it in <see cref="Verifier.Features"/>.</summary>
    ReadOnlySpan<float> Hidden(int node, int state);
}
