using System.Runtime.CompilerServices;

namespace Percheron.Kernels;

/// <summary>Second pass: scores become weights, e^(score − max) divided by the sum of these. Lane = position mod 16.</summary>
internal static unsafe class AttentionWeights<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>Turns the scores of a head into weights that sum to one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Normalise(in AttentionHeads heads, int h)
    {
        float* s = heads.Scores(h);
        for (int i = 0; i < heads.First - heads.Origin; i++) s[i] = float.NegativeInfinity;
        for (int i = heads.End - heads.Origin; i < heads.Padded; i++) s[i] = float.NegativeInfinity;

        TLanes max = TLanes.Broadcast(Reduction.Max<TLanes>(s, heads.Padded)), sum = TLanes.Zero;
        for (int i = 0; i < heads.Padded; i += 16)
        {
            TLanes weight = Exponential.Of(TLanes.Subtract(TLanes.Load(s + i), max));
            sum = TLanes.Add(sum, weight);
            TLanes.Store(weight, s + i);
        }
        TLanes total = TLanes.Broadcast(TLanes.Sum(sum));
        for (int i = 0; i < heads.Padded; i += 16) TLanes.Store(TLanes.Divide(TLanes.Load(s + i), total), s + i);
    }
}
