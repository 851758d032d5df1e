using Percheron.Decoding;

namespace Percheron.Drafters.Trees;

/// <summary>Best-first: each forward of the draft expands the most probable nodes of the whole tree, however deep, until none of them could still be among those that are proposed.</summary>
[Method(Source = "SpecExec, arXiv 2406.02532 §4; DySpec, arXiv 2410.11744", Examples = ["model(depth=6, width=4, tree=spec-exec(expand=2))"])]
public sealed class SpecExecTree : TreeShape
{
    private readonly int _expand;
    private readonly float _decay;

    /// <param name="expand">Nodes expanded by each forward, 1 to 64; the drafter's depth says how many forwards there are at most.</param>
    /// <param name="decay">Each level counts for less by this factor, above 0, at most 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public SpecExecTree(int expand = 4, double decay = 0.95)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(expand, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(expand, 64);
        if (!(decay is > 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(decay), "decay is a factor, above 0 and at most 1");
        (_expand, _decay) = (expand, (float)decay);
    }

    internal override bool EndsPaths => true;

    internal override int Apart(int width, int levels, bool cold) => width + (_expand * width * (levels - 1));

    internal override void Expand(Level level)
    {
        for (int i = 0; i < level.Growth.Frontier.Length; i++) level.AddBest(i, Math.Min(level.Width, level.Growth.Tree.Room), _decay);
    }

    internal override void Choose(Level level) => level.Growth.BestFrontier(_expand, level.Least, level.Growth.WorstTaken());
}
