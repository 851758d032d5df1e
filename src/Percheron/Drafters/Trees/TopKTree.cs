using Percheron.Decoding;

namespace Percheron.Drafters.Trees;

/// <summary>The most probable tokens; of all that were looked at, the nodes with the most probable paths are proposed.</summary>
[Method(Source = "EAGLE-2, arXiv 2406.16858 §4; OPT-Tree, arXiv 2406.17276", Examples = ["model(depth=4, width=2, tree=top-k)"])]
public sealed class TopKTree : TreeShape
{
    internal override int Apart(int width, int levels, bool cold) => base.Apart(width, levels, cold: true);

    internal override void Expand(Level level) => level.AddBestEverywhere();
}
