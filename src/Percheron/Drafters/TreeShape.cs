using Percheron.Decoding;

namespace Percheron.Drafters;

/// <summary>Where a drafter with a model of its own puts candidates, and how it chooses their tokens. At temperature 0 all shapes take the most probable tokens, which are fixed.</summary>
/// <remarks>
/// Where nodes are drawn from laws, their places depend on laws, on the order of siblings and on tokens drawn before, never on the token itself (methods.md P3). A shape may
/// learn; it belongs to one drafter.
/// </remarks>
[MethodKind("tree", Suffix = "Tree")]
public abstract class TreeShape
{
    private protected TreeShape() { }

    /// <summary>Refuses a width that makes no sense here.</summary>
    /// <exception cref="ArgumentException">It makes none.</exception>
    internal virtual void Check(int width) { }

    /// <summary>Whether the shape itself says where paths end, so that nothing else does unless it is asked for.</summary>
    internal virtual bool EndsPaths => false;

    /// <summary>Levels to grow, of <paramref name="levels"/> that are allowed.</summary>
    internal virtual int Levels(int levels) => levels;

    /// <summary>Nodes to grow in a tree apart, from which the best are taken; 0 grows the proposal itself, which drawn nodes need.</summary>
    /// <param name="width">Children of a node.</param>
    /// <param name="levels">Levels at most.</param>
    /// <param name="cold">Whether the temperature is 0.</param>
    internal virtual int Apart(int width, int levels, bool cold) => cold && width > 1 ? width + (width * width * (levels - 1)) : 0;

    /// <summary>Adds children to the nodes of the frontier, whose laws are there.</summary>
    internal abstract void Expand(Level level);

    /// <summary>Chooses which nodes to expand next; called after <see cref="Expand"/> if another level may follow.</summary>
    internal virtual void Choose(Level level) => level.Growth.NextFrontier(level.Width, level.Least);

    /// <summary>Learns from a step whose tree this shape has grown.</summary>
    internal virtual void Observe(in Step step) { }
}
