using Percheron.Decoding;

namespace Percheron.Testing;

// A budget that changes from step to step, over and over.
internal sealed class ChangingBudget(params int[] nodes) : BudgetPolicy
{
    private int _asked;

    public override int Nodes(Sequence sequence) => nodes[_asked++ % nodes.Length];
}
