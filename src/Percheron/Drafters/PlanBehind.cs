using Percheron.Decoding;

namespace Percheron.Drafters;

/// <summary>A plan as a drafter sees it whose nodes are added to those of others: rows cost what they cost behind all of them.</summary>
internal sealed class PlanBehind : TreePlan
{
    private TreePlan _plan = null!;
    private int _nodes;

    /// <summary>Sets whose plan it is, and how many nodes come before.</summary>
    public PlanBehind Set(TreePlan plan, int nodes)
    {
        (_plan, _nodes) = (plan, nodes);
        return this;
    }

    /// <inheritdoc/>
    public override float Chance(Drafter author, float claim, bool drawn, int depth, int rank) => _plan.Chance(author, claim, drawn, depth, rank);

    /// <inheritdoc/>
    public override bool WorthRow(Drafter author, float chance, int nodes) => _plan.WorthRow(author, chance, nodes + _nodes);

    /// <inheritdoc/>
    public override bool WorthLevel(Drafter author, float chance, int depth, int nodes) => _plan.WorthLevel(author, chance, depth, nodes + _nodes);

    /// <inheritdoc/>
    public override bool WorthReading(Drafter author, Sequence sequence, int rows) => _plan.WorthReading(author, sequence, rows);

    /// <inheritdoc/>
    public override float Gain(TokenTree tree) => _plan.Gain(tree);

    /// <inheritdoc/>
    public override float Gain(Drafter author) => _plan.Gain(author);
}
