namespace Percheron.Planning;

/// <summary>
/// Shares nodes over the sequences of a batch by marginal value: the node most likely to be accepted comes first, as long as tokens per millisecond of the whole batch
/// rise.
/// </summary>
/// <remarks>
/// It knows rates of the past only: neither the order nor the end depends on a token that is drawn, so it may look beyond a first drop, which a tile of rows that has
/// just begun would be. Source: DSpark, arXiv 2607.05147 (scheduler); TETRIS, arXiv 2502.15197; SmartSpec, arXiv 2406.14066 §4.
/// </remarks>
public sealed class NodeShare
{
    // No node that is accepted more rarely is looked at.
    private const float Least = 0.1f;

    private float[] _survival = [];
    private int[] _nodes = [], _order = [];

    /// <summary>Nodes of each sequence, in the order of the rates.</summary>
    public ReadOnlySpan<int> Nodes => _nodes;

    /// <summary>Nodes of all.</summary>
    public int Total { get; private set; }

    /// <summary>Shares anew.</summary>
    /// <param name="rates">For each sequence the probability that a candidate is accepted once its parent is.</param>
    /// <param name="most">Nodes of one sequence at most.</param>
    /// <param name="cost">Milliseconds of a step with a number of nodes, drafting not counted.</param>
    /// <param name="firstMs">Milliseconds of drafting for the first level.</param>
    /// <param name="levelMs">Milliseconds of drafting for each level more of the deepest tree.</param>
    public void Divide(ReadOnlySpan<float> rates, int most, Func<int, double> cost, double firstMs, double levelMs)
    {
        if (_nodes.Length < rates.Length) (_nodes, _survival) = (new int[rates.Length], new float[rates.Length]);
        int all = most * rates.Length, looked = 0, deepest = 0;
        if (_order.Length < all) _order = new int[all];
        rates.CopyTo(_survival);
        Array.Clear(_nodes);
        Total = 0;
        double tokens = rates.Length, top = tokens / cost(0);
        while (looked < all && Best(rates.Length, most) is var best && _survival[best] >= Least)
        {
            tokens += _survival[best];
            _survival[best] *= rates[best];
            deepest = Math.Max(deepest, ++_nodes[best]);
            _order[looked++] = best;
            if (tokens / (cost(looked) + firstMs + (levelMs * (deepest - 1))) is var rate && rate > top) (top, Total) = (rate, looked);
        }
        for (int i = Total; i < looked; i++) _nodes[_order[i]]--;
    }

    private int Best(int count, int most)
    {
        int best = -1;
        for (int i = 0; i < count; i++)
            if (_nodes[i] < most && (best < 0 || _survival[i] > _survival[best])) best = i;
        return best;
    }
}
