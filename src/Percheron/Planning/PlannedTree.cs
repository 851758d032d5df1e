using Percheron.Decoding;

namespace Percheron.Planning;

/// <summary>The planner's answers in one step: the price of each further row and forward, in tokens, at the rate at which tokens come now.</summary>
internal sealed class PlannedTree(Planner planner, AcceptanceModel acceptance) : TreePlan
{
    // What is known of the target's times changes slowly: looking it up every few steps keeps planning cheap beside models that take a tenth of a millisecond.
    private const int Refreshed = 8;

    private readonly float[] _ms = new float[Planner.MostNodes + 1], _slope = new float[Planner.MostNodes];
    private readonly int[] _hull = new int[Planner.MostNodes + 1];
    private double _rows = -1;
    private float _rate;
    private int _age;

    /// <summary>Tokens that <paramref name="nodes"/> nodes cost.</summary>
    public float Cost(int nodes) => _rate * _ms[Math.Min(nodes, Planner.MostNodes)];

    /// <summary>Tokens that one node behind <paramref name="nodes"/> others costs.</summary>
    public float Price(int nodes) => _rate * _slope[Math.Min(nodes, Planner.MostNodes - 1)];

    /// <summary>Sets prices for a step: <paramref name="rate"/> tokens each millisecond, so many rows besides the tree.</summary>
    public void Set(CostModel cost, double rows, double context, int sequences, double rate)
    {
        _rate = (float)rate;
        if (rows == _rows && ++_age < Refreshed) return;
        (_rows, _age) = (rows, 0);
        double none = cost.Milliseconds(rows, context, sequences);
        for (int n = 1; n <= Planner.MostNodes; n++) _ms[n] = (float)(cost.Milliseconds(rows + n, context, sequences) - none);
        // Where the first rows of a tile cost more than the next, what counts for each is the average of those up to the cheapest end: the lower convex hull.
        int last = 0;
        for (int n = 1; n <= Planner.MostNodes; n++)
        {
            while (last > 0 && Slope(_hull[last - 1], n) <= Slope(_hull[last - 1], _hull[last])) last--;
            _hull[++last] = n;
        }
        for (int i = 1; i <= last; i++) _slope.AsSpan(_hull[i - 1].._hull[i]).Fill(Slope(_hull[i - 1], _hull[i]));
    }

    /// <inheritdoc/>
    public override float Chance(Drafter author, float claim, bool drawn, int depth, int rank) => acceptance.Chance(author, claim, drawn, depth, rank);

    /// <inheritdoc/>
    public override bool WorthRow(Drafter author, float chance, int nodes) => chance >= Price(nodes) * planner.Of(author).RowShare || (nodes == 0 && planner.Of(author).Trying);

    /// <inheritdoc/>
    public override bool WorthLevel(Drafter author, float chance, int depth, int nodes)
    {
        DrafterRecord record = planner.Of(author);
        if (depth == 0) return planner.Asks(author, record);
        if (double.IsNaN(record.ForwardMs) || (record.Trying && record.LevelCost >= 1)) return false;
        return (chance * acceptance.Usual(author, depth + 1)) - (record.RowShare * Price(nodes)) >= record.LevelCost * planner.Price(record);
    }

    /// <inheritdoc/>
    public override bool WorthReading(Drafter author, Sequence sequence, int rows) => planner.Reads(author, sequence, rows);

    /// <inheritdoc/>
    public override float Gain(TokenTree tree) =>
        tree.Author is not { } author ? tree.Expected - Cost(tree.Count - 1)
            : planner.Of(author) is { Trying: false } record ? tree.Expected - (record.RowShare * Cost(tree.Count - 1)) : float.PositiveInfinity;

    /// <inheritdoc/>
    public override float Gain(Drafter author)
    {
        float best = 0;
        foreach (Drafter member in author.Members) best = Math.Max(best, Gain(member));
        if (author.Members.Count > 0) return best;
        DrafterRecord record = planner.Of(author);
        return record.Barred ? 0 : Math.Max(0, record.Gain);
    }

    private float Slope(int from, int to) => (_ms[to] - _ms[from]) / (to - from);
}
