using Percheron.Decoding;

namespace Percheron.Drafters.Trees;

/// <summary>Chains drawn independently of each other, as many as the width; they may begin alike.</summary>
[Method(Source = "SpecTr, arXiv 2310.15141; SpecInfer, arXiv 2305.09781", Examples = ["model(depth=3, width=3, tree=independent)"])]
public sealed class IndependentTree : TreeShape
{
    internal override void Expand(Level level)
    {
        if (level.IsCold)
        {
            level.AddBestEverywhere();
            return;
        }
        // The chains part at the root and nowhere else.
        int wanted = level.Number > 0 ? 1 : level.Width;
        for (int i = 0, quota = level.Quota; i < level.Growth.Frontier.Length && quota > 0; i++) quota -= Add(level, i, Math.Min(wanted, quota));
    }

    private static int Add(Level level, int index, int wanted)
    {
        Growth growth = level.Growth;
        int node = growth.Frontier[index];
        if (level.Law(index, out float confidence, out float claim) is not { } law) return 0;
        for (int i = 0; i < wanted; i++)
        {
            // Equal laws in objects of their own say that the draws are independent; a shared one would say without replacement.
            Distribution own = i == 0 ? law : growth.Tree.RentLaw();
            if (i > 0) own.CopyFrom(law);
            growth.Add(node, level.Draw(node, own, 1)[0], own, growth.Score(node) - i, confidence, i == 0 ? claim : float.NaN);
        }
        return wanted;
    }
}
