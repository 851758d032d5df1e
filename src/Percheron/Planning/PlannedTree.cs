using Percheron.Decoding;

namespace Percheron.Planning;

/// <summary>The planner's answers in one step: the price of each further row and forward, in tokens, at the rate at which tokens come now.</summary>
internal sealed class PlannedTree(Planner planner, AcceptanceModel acceptance) : TreePlan
{
    private readonly float[] _cost = new float[Planner.MostNodes + 1], _price = new float[Planner.MostNodes];

    /// <summary>Tokens that <paramref name="nodes"/> nodes cost.</summary>
    public float Cost(int nodes) => _cost[Math.Min(nodes, Planner.MostNodes)];

    /// <summary>Tokens that one node behind <paramref name="nodes"/> others costs.</summary>
    public float Price(int nodes) => _price[Math.Min(nodes, Planner.MostNodes - 1)];

    /// <summary>Sets prices for a step: <paramref name="rate"/> tokens each millisecond, so many rows besides the tree.</summary>
    public void Set(CostModel cost, double rows, double context, double rate)
    {
        double none = cost.Milliseconds(rows, context);
        for (int n = 1; n <= Planner.MostNodes; n++) _cost[n] = (float)(rate * (cost.Milliseconds(rows + n, context) - none));
        // Where the first rows of a tile cost more than the next, what counts for each is the average of those up to the cheapest end.
        for (int from = 0; from < Planner.MostNodes;)
        {
            int to = from + 1;
            for (int n = to + 1; n <= Planner.MostNodes; n++)
                if ((_cost[n] - _cost[from]) * (to - from) < (_cost[to] - _cost[from]) * (n - from)) to = n;
            for (int n = from; n < to; n++) _price[n] = (_cost[to] - _cost[from]) / (to - from);
            from = to;
        }
    }

    /// <inheritdoc/>
    public override float Chance(Drafter author, float claim, bool drawn, int depth, int rank) => acceptance.Chance(author, claim, drawn, depth, rank);

    /// <inheritdoc/>
    public override bool WorthRow(Drafter author, float chance, int nodes) => chance >= Price(nodes) || (nodes == 0 && planner.Of(author).Trying);

    /// <inheritdoc/>
    public override bool WorthLevel(Drafter author, float chance, int depth, int nodes)
    {
        DrafterRecord record = planner.Of(author);
        if (depth == 0) return planner.Asks(record);
        return !record.Trying && !double.IsNaN(record.ForwardMs) && (chance * acceptance.Usual(author, depth + 1)) - Price(nodes) >= planner.LevelPrice(record);
    }

    /// <inheritdoc/>
    public override bool WorthReading(Drafter author, Sequence sequence, int rows) => planner.Reads(author, sequence, rows);

    /// <inheritdoc/>
    public override float Gain(TokenTree tree) =>
        tree.Author is { } author && planner.Of(author).Trying ? float.PositiveInfinity : tree.Expected - Cost(tree.Count - 1);

    /// <inheritdoc/>
    public override float Gain(Drafter author)
    {
        float best = 0;
        foreach (Drafter member in author.Members) best = Math.Max(best, Gain(member));
        if (author.Members.Count > 0) return best;
        DrafterRecord record = planner.Of(author);
        return record.Barred ? 0 : Math.Max(0, record.Gain);
    }
}
