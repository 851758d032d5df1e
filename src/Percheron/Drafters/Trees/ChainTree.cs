using Percheron.Decoding;

namespace Percheron.Drafters.Trees;

/// <summary>One candidate on each level, drawn from the draft's law.</summary>
[Method(Source = "Speculative decoding, arXiv 2211.17192", Examples = ["model(depth=3, tree=chain)"])]
public sealed class ChainTree : TreeShape
{
    internal override void Check(int width)
    {
        if (width > 1) throw new ArgumentException("a chain is one candidate wide: leave width at 1, or choose another tree", nameof(width));
    }

    internal override void Expand(Level level)
    {
        if (level.IsCold) level.AddBestEverywhere();
        else level.AddDrawn(0, 1);
    }
}
