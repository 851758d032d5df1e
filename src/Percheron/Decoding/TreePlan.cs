namespace Percheron.Decoding;

/// <summary>
/// What a policy that has measured knows of the coming step: how likely candidates are, and how likely they must be to be worth the time of their row or of one more
/// forward of a draft model. Trees carry it, so that drafters can stop in time; without one, nodes are free up to the budget.
/// </summary>
/// <remarks>
/// Whoever drafts draws by laws asks before the token is drawn (methods.md P3): no answer depends on a token, only on what is claimed of it. Everything counts in tokens
/// expected to be accepted. Source: Sequoia, arXiv 2402.12374 §3.3; SmartSpec, arXiv 2406.14066 §4.
/// </remarks>
public abstract class TreePlan
{
    /// <summary>Probability that a candidate is accepted once its parent is, from what its author claims and from how such claims came out.</summary>
    /// <param name="author">Who proposes it.</param>
    /// <param name="claim">What the author thinks, 0 to 1; NaN if it has no opinion.</param>
    /// <param name="drawn">Whether the token is drawn from a law, of which the claim is the highest probability.</param>
    /// <param name="depth">Distance from the root, at least 1.</param>
    /// <param name="rank">How many siblings come before it.</param>
    public abstract float Chance(Drafter author, float claim, bool drawn, int depth, int rank);

    /// <summary>Whether a node is worth its row in a tree that has <paramref name="nodes"/> nodes behind the root.</summary>
    /// <param name="author">Who proposes it.</param>
    /// <param name="chance">Probability that its whole path is accepted.</param>
    /// <param name="nodes">Nodes behind the root so far.</param>
    public abstract bool WorthRow(Drafter author, float chance, int nodes);

    /// <summary>Whether one more forward of the author's model is likely to win more than it costs.</summary>
    /// <param name="author">Whose model.</param>
    /// <param name="chance">Expected number of the nodes to expand that are accepted; 1 for the root.</param>
    /// <param name="depth">Their distance from the root.</param>
    /// <param name="nodes">Nodes behind the root so far.</param>
    public abstract bool WorthLevel(Drafter author, float chance, int depth, int nodes);

    /// <summary>Whether it pays that the author's model reads <paramref name="rows"/> committed tokens before it can draft.</summary>
    public abstract bool WorthReading(Drafter author, Sequence sequence, int rows);

    /// <summary>Expected tokens that a tree wins beyond what its rows cost.</summary>
    public abstract float Gain(TokenTree tree);

    /// <summary>Expected tokens that a drafter wins when it is asked, its own time deducted; 0 while it is not worth asking.</summary>
    public abstract float Gain(Drafter author);
}
