using Percheron.Decoding;

namespace Percheron.Planning;

/// <summary>Always the same number of nodes.</summary>
public sealed class FixedBudget : BudgetPolicy
{
    private readonly int _nodes;

    /// <param name="nodes">Nodes behind the root; 0 is plain decoding.</param>
    public FixedBudget(int nodes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(nodes);
        _nodes = nodes;
    }

    /// <summary>Whether it allows none.</summary>
    public bool IsPlain => _nodes == 0;

    /// <inheritdoc/>
    public override int Nodes(Sequence sequence) => _nodes;
}
