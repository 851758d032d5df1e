namespace Percheron.Drafters;

/// <summary>A tree that stands before anything is drafted: for every place its parent and which of its parent's children it is. A shape fills it level by level.</summary>
/// <remarks>Place 0 is the root; a parent stands before its children and siblings stand in order, so that the first places are a tree of their own for any budget.</remarks>
internal sealed class Places(int most)
{
    private readonly int[] _parents = new int[most + 1], _children = new int[most + 1];

    /// <summary>Number of places, the root included.</summary>
    public int Count { get; private set; } = 1;

    /// <summary>Levels behind the root.</summary>
    public int Depth { get; private set; }

    /// <summary>The parent of a place.</summary>
    public int Parent(int place) => _parents[place];

    /// <summary>Takes all places back except the root.</summary>
    public void Clear()
    {
        (Count, Depth) = (1, 0);
        _children[0] = 0;
    }

    /// <summary>Adds a place as the last child of another one; returns it.</summary>
    public int Add(int parent)
    {
        (_parents[Count], _children[Count]) = (parent, 0);
        _children[parent]++;
        int depth = 1;
        for (int at = parent; at > 0; at = _parents[at]) depth++;
        Depth = Math.Max(Depth, depth);
        return Count++;
    }

    /// <summary>Number of children of a place.</summary>
    public int Children(int place) => _children[place];

    /// <summary>Fills the places below the frontier: with the most probable tokens, or drawn ones. The shape keeps the place as the mark of a node.</summary>
    /// <param name="level">The level.</param>
    /// <param name="best">Whether tokens are the most probable ones.</param>
    public void Fill(Level level, bool best)
    {
        Growth growth = level.Growth;
        // So many places have a node in this step, whatever was added so far.
        int budget = growth.Tree.Room + growth.Tree.Count;
        for (int i = 0; i < growth.Frontier.Length; i++)
        {
            int parent = (int)growth.Mark(growth.Frontier[i]), wanted = 0, first = growth.Tree.Count;
            for (int place = parent + 1; place < Math.Min(Count, budget); place++)
                if (_parents[place] == parent) wanted++;
            if (wanted == 0) continue;
            int added = best ? level.AddBest(i, wanted) : level.AddDrawn(i, wanted);
            for (int place = parent + 1, node = first; node < first + added; place++)
            {
                if (_parents[place] != parent) continue;
                growth.Mark(node) = place;
                if (_children[place] == 0) growth.End(node);
                node++;
            }
        }
    }
}
