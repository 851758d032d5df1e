namespace Percheron.Planning;

/// <summary>
/// Shares nodes over the sequences of a batch by marginal value: the node most likely to be accepted comes first, as long as tokens per millisecond of the whole batch
/// rise.
/// </summary>
/// <remarks>
/// It stops at the first drop, and knows rates of the past only: neither the order nor the end depends on a token that is drawn. Source: DSpark, arXiv 2607.05147
/// (scheduler); TETRIS, arXiv 2502.15197; SmartSpec, arXiv 2406.14066 §4.
/// </remarks>
public sealed class NodeShare
{
    private float[] _survival = [];
    private int[] _nodes = [];

    /// <summary>Nodes of each sequence, in the order of the rates.</summary>
    public ReadOnlySpan<int> Nodes => _nodes;

    /// <summary>Nodes of all.</summary>
    public int Total { get; private set; }

    /// <summary>Shares anew.</summary>
    /// <param name="rates">For each sequence the probability that a candidate is accepted once its parent is.</param>
    /// <param name="most">Nodes of one sequence at most.</param>
    /// <param name="cost">Milliseconds of a step with a number of nodes, drafting not counted.</param>
    /// <param name="levelMs">Milliseconds of drafting for each level of the deepest tree.</param>
    public void Divide(ReadOnlySpan<float> rates, int most, Func<int, double> cost, double levelMs)
    {
        if (_nodes.Length < rates.Length) (_nodes, _survival) = (new int[rates.Length], new float[rates.Length]);
        rates.CopyTo(_survival);
        Array.Clear(_nodes);
        Total = 0;
        double tokens = rates.Length, ms = cost(0), plain = tokens / ms;
        int deepest = 0;
        for (int all = most * rates.Length; Total < all; Total++)
        {
            int best = Best(rates.Length, most);
            double more = cost(Total + 1) + (levelMs * Math.Max(deepest, _nodes[best] + 1));
            // The first node pays for what all nodes need; it is judged at the end.
            if (Total > 0 && (tokens + _survival[best]) / more < tokens / ms) break;
            (tokens, ms) = (tokens + _survival[best], more);
            deepest = Math.Max(deepest, ++_nodes[best]);
            _survival[best] *= rates[best];
        }
        if (tokens / ms > plain) return;
        Array.Clear(_nodes);
        Total = 0;
    }

    private int Best(int count, int most)
    {
        int best = -1;
        for (int i = 0; i < count; i++)
            if (_nodes[i] < most && (best < 0 || _survival[i] > _survival[best])) best = i;
        return best;
    }
}
