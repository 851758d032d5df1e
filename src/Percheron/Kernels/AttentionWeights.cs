using System.Runtime.CompilerServices;

namespace Percheron.Kernels;

/// <summary>Second pass: the scores of a chunk become weights, e^(score − greatest score of the chunk), and their sum, added with lane = position mod 16.</summary>
internal static unsafe class AttentionWeights<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    /// <param name="scores">Score of the first position of the chunk; the chunk begins at a multiple of 16.</param>
    /// <param name="from">First position seen, from the start of the chunk.</param>
    /// <param name="to">One past the last.</param>
    /// <param name="greatest">The greatest score, then the sum of the weights.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Apply(float* scores, int from, int to, float* greatest)
    {
        int first = from & ~15, end = (to + 15) & ~15;
        for (int i = first; i < from; i++) scores[i] = float.NegativeInfinity;
        for (int i = to; i < end; i++) scores[i] = float.NegativeInfinity;
        float most = Reduction.Max<TLanes>(scores + first, end - first);
        greatest[0] = most;
        // Where everything is −∞ the weights are 0, and not the NaN of ∞ − ∞.
        TLanes shift = TLanes.Broadcast(float.IsNegativeInfinity(most) ? 0 : most), sum = TLanes.Zero;
        for (int i = first; i < end; i += 16)
        {
            TLanes weight = Exponential.Of(TLanes.Subtract(TLanes.Load(scores + i), shift));
            sum = TLanes.Add(sum, weight);
            TLanes.Store(weight, scores + i);
        }
        greatest[1] = TLanes.Sum(sum);
    }
}
