using Percheron.Decoding;

namespace Percheron.Drafters.Trees;

/// <summary>
/// The most probable paths, grown until a further level adds too little: where the draft's law stands for the target's, the probabilities of the paths add up to the number of
/// tokens a tree is expected to win, so the best tree of n nodes holds the n most probable paths.
/// </summary>
[Method(Name = "opt-tree", Source = "OPT-Tree, arXiv 2406.17276", Examples = ["model(depth=4, width=4, tree=opt-tree(expand=2, gain=0))"])]
public sealed class OptTree : TreeShape
{
    private readonly int _expand;
    private readonly float _gain;

    /// <param name="expand">Nodes expanded on each level, 1 to 64.</param>
    /// <param name="gain">A level that adds fewer expected tokens than this is the last one.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public OptTree(int expand = 8, double gain = 0.1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(expand, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(expand, 64);
        if (!(gain >= 0)) throw new ArgumentOutOfRangeException(nameof(gain), "gain is a number of tokens, 0 or more");
        (_expand, _gain) = (expand, (float)gain);
    }

    internal override bool EndsPaths => true;

    internal override int Apart(int width, int levels, bool cold) => width + (_expand * width * (levels - 1));

    internal override void Expand(Level level) => level.AddBestEverywhere();

    internal override void Choose(Level level)
    {
        // The root's mark keeps what the tree was expected to win a level ago.
        Growth growth = level.Growth;
        float expected = growth.ExpectedTaken(), gained = expected - growth.Mark(0);
        growth.Mark(0) = expected;
        growth.NextFrontier(gained < _gain ? 0 : _expand, level.Least);
    }
}
