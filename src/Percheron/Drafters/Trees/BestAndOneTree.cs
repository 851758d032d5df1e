using System.Numerics.Tensors;
using Percheron.Decoding;

namespace Percheron.Drafters.Trees;

/// <summary>The most probable tokens, which are fixed, and one more drawn from the others: better than draws alone where draft and target agree about the best.</summary>
[Method(Source = "Hu et al., greedy draft sampling, arXiv 2502.18779; for width 2, SpecHub, arXiv 2411.05289", Examples = ["model(depth=3, width=3, tree=best-and-one)"])]
public sealed class BestAndOneTree : TreeShape
{
    internal override void Expand(Level level)
    {
        if (level.IsCold)
        {
            level.AddBestEverywhere();
            return;
        }
        for (int i = 0, quota = level.Quota; i < level.Growth.Frontier.Length && quota > 0; i++)
        {
            int wanted = Math.Min(level.Width, quota);
            quota -= wanted == 1 ? level.AddDrawn(i, 1) : Add(level, i, wanted);
        }
    }

    private static int Add(Level level, int index, int wanted)
    {
        Growth growth = level.Growth;
        int node = growth.Frontier[index];
        if (level.Law(index, out float confidence, out _) is not { } law) return 0;
        bool goesOn = confidence != Growth.Leaf;
        int best = Math.Min(wanted, law.Count) - 1, last = -1;
        float least = float.PositiveInfinity;
        // The order is by probability, equal ones by place: whatever does not come before the last one taken is still there.
        bool IsLeft(int i) => law.Probabilities[i] < least || (law.Probabilities[i] == least && i > last);
        for (int i = 0; i < best; i++)
        {
            int next = -1;
            for (int at = 0; at < law.Count; at++)
                if (IsLeft(at) && (next < 0 || law.Probabilities[at] > law.Probabilities[next])) next = at;
            (last, least) = (next, law.Probabilities[next]);
            growth.Add(node, law.Tokens[next], null, growth.Score(node) - i, goesOn ? growth.Confidence(node) * least : Growth.Leaf, least);
        }
        Distribution rest = growth.Tree.RentLaw();
        rest.Fill(law.Count - best, out Span<int> tokens, out Span<float> probabilities);
        for (int at = 0, count = 0; at < law.Count; at++)
            if (IsLeft(at)) (tokens[count], probabilities[count++]) = (law.Tokens[at], law.Probabilities[at]);
        float sum = TensorPrimitives.Sum<float>(probabilities);
        if (goesOn) confidence = growth.Confidence(node) * TensorPrimitives.Max<float>(probabilities);
        if (!(sum > 0)) return best;
        TensorPrimitives.Divide(probabilities, sum, probabilities);
        growth.Add(node, level.Draw(node, rest, 1)[0], rest, growth.Score(node) - best, confidence, float.NaN);
        return best + 1;
    }
}
