using Percheron.Decoding;

namespace Percheron.Drafters;

/// <summary>A plan as a drafter sees it whose nodes are added to those of others: rows cost what they cost behind all of them, and paths begin as likely as the one they continue.</summary>
internal sealed class PlanBehind : TreePlan
{
    private TreePlan _plan = null!;
    private int _nodes, _depth;
    private float _chance;

    /// <summary>Sets whose plan it is, how many nodes come before, and how deep and how likely the node is that stands for the root.</summary>
    public PlanBehind Set(TreePlan plan, int nodes, int depth = 0, float chance = 1)
    {
        (_plan, _nodes, _depth, _chance) = (plan, nodes, depth, chance);
        return this;
    }

    /// <inheritdoc/>
    public override float Chance(Drafter author, float claim, bool drawn, int depth, int rank) => _plan.Chance(author, claim, drawn, depth + _depth, rank);

    /// <inheritdoc/>
    public override bool WorthRow(Drafter author, float chance, int nodes) => _plan.WorthRow(author, chance * _chance, nodes + _nodes);

    /// <inheritdoc/>
    public override bool WorthLevel(Drafter author, float chance, int depth, int nodes) => _plan.WorthLevel(author, chance, depth, nodes + _nodes);

    /// <inheritdoc/>
    public override bool WorthReading(Drafter author, Sequence sequence, int rows) => _plan.WorthReading(author, sequence, rows);

    /// <inheritdoc/>
    public override float Gain(TokenTree tree) => _plan.Gain(tree);

    /// <inheritdoc/>
    public override float Gain(Drafter author) => _plan.Gain(author);
}
