using Percheron.Decoding;

namespace Percheron.Drafters.Trees;

/// <summary>Candidates are drawn from the draft's law, siblings without replacement; the shape depends on their order alone.</summary>
[Method(Source = "Recursive speculative decoding with constant branching, arXiv 2402.14160; verification without replacement: Sequoia, arXiv 2402.12374", Examples = ["model(depth=4, width=2)"])]
public sealed class SampledTree : TreeShape
{
    internal override void Expand(Level level)
    {
        if (level.IsCold) level.AddBestEverywhere();
        else
            for (int i = 0, quota = level.Quota; i < level.Growth.Frontier.Length && quota > 0; i++) quota -= level.AddDrawn(i, Math.Min(level.Width, quota));
    }
}
