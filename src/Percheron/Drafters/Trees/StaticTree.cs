using Percheron.Decoding;

namespace Percheron.Drafters.Trees;

/// <summary>A fixed tree, given as a list of paths: each character says which child to go to, 0 to 9, then a to z.</summary>
[Method(Source = "Medusa, arXiv 2401.10774 §2.1 (tree attention over a list of ranks)", Examples = ["model(tree=static)", "model(tree=static(0 1 00 2 01 000, best=true))"])]
public sealed class StaticTree : TreeShape
{
    private readonly Places _places;
    private readonly bool _best;

    /// <param name="paths">Nodes by their paths, separated by blanks, the most important first: a smaller budget takes the first ones. A parent stands before its children and a
    /// child before the next one.</param>
    /// <param name="best">Whether candidates are the draft's most probable tokens at every temperature; else they are drawn, without replacement, where the temperature is not 0.</param>
    /// <exception cref="ArgumentException">The list is not one of a tree in that order.</exception>
    public StaticTree(string paths = "0 00 1 000 2 01 10 0000 001 02", bool best = false)
    {
        string[] nodes = paths.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var places = new Dictionary<string, int>(StringComparer.Ordinal) { [""] = 0 };
        (_places, _best) = (new Places(nodes.Length), best);
        foreach (string node in nodes)
        {
            int rank = Rank(node[^1]);
            if (rank < 0) throw new ArgumentException($"static: '{node}' is no path of characters 0 to 9 and a to z", nameof(paths));
            if (!places.TryGetValue(node[..^1], out int parent)) throw new ArgumentException($"static: '{node}' stands before its parent '{node[..^1]}'", nameof(paths));
            if (_places.Children(parent) != rank) throw new ArgumentException($"static: '{node}' is not the next child of '{node[..^1]}', which has {_places.Children(parent)}", nameof(paths));
            places.Add(node, _places.Add(parent));
        }
        if (nodes.Length == 0) throw new ArgumentException("static needs at least one path, as in static(0 1 00)", nameof(paths));
    }

    internal override bool EndsPaths => true;

    internal override int Levels(int levels) => Math.Min(levels, _places.Depth);

    internal override int Apart(int width, int levels, bool cold) => 0;

    internal override void Expand(Level level) => _places.Fill(level, _best || level.IsCold);

    internal override void Choose(Level level) => level.Growth.NextFrontier(_places.Count, level.Least);

    private static int Rank(char c) => char.IsAsciiDigit(c) ? c - '0' : char.IsAsciiLetterLower(c) ? c - 'a' + 10 : -1;
}
