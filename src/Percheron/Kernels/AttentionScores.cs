using System.Runtime.CompilerServices;

namespace Percheron.Kernels;

/// <summary>First pass: scaled dot products of queries and keys. Lane i adds elements i, i + 16, … of the head in order.</summary>
/// <remarks>A key's shorter last block is read before the accumulators come to life: a call would send them to memory.</remarks>
internal static unsafe class AttentionScores<TLanes, TStored>
    where TLanes : unmanaged, ILanes<TLanes>
    where TStored : struct, IFloatWeights
{
    /// <summary>Heads h … h+3: each key is loaded and widened once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Four(in AttentionSpan span, in AttentionHeads heads, int h)
    {
        float* q0 = heads.Query(h), q1 = heads.Query(h + 1), q2 = heads.Query(h + 2), q3 = heads.Query(h + 3);
        float* tail = heads.QueryTail(h), s = heads.Scores(h) - heads.Origin;
        int whole = heads.HeadDim & ~15, rest = heads.HeadDim & 15;
        for (int position = heads.First; position < heads.End; position++)
        {
            byte* key = span.Key(position);
            TLanes last = rest > 0 ? Partial.Load<TLanes, TStored>(key + (whole * TStored.Bytes), rest) : TLanes.Zero;
            TLanes a0 = TLanes.Zero, a1 = a0, a2 = a0, a3 = a0;
            for (nint c = 0; c < whole; c += 16)
            {
                TLanes k = TStored.Load<TLanes>(key + (c * TStored.Bytes));
                a0 = TLanes.Fma(k, TLanes.Load(q0 + c), a0);
                a1 = TLanes.Fma(k, TLanes.Load(q1 + c), a1);
                a2 = TLanes.Fma(k, TLanes.Load(q2 + c), a2);
                a3 = TLanes.Fma(k, TLanes.Load(q3 + c), a3);
            }
            if (rest > 0)
            {
                a0 = TLanes.Fma(last, TLanes.Load(tail), a0);
                a1 = TLanes.Fma(last, TLanes.Load(tail + 16), a1);
                a2 = TLanes.Fma(last, TLanes.Load(tail + 32), a2);
                a3 = TLanes.Fma(last, TLanes.Load(tail + 48), a3);
            }
            s[position] = TLanes.Sum(a0) * heads.Scale;
            s[position + heads.Padded] = TLanes.Sum(a1) * heads.Scale;
            s[position + (2 * heads.Padded)] = TLanes.Sum(a2) * heads.Scale;
            s[position + (3 * heads.Padded)] = TLanes.Sum(a3) * heads.Scale;
        }
    }

    /// <summary>Heads h and h+1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Two(in AttentionSpan span, in AttentionHeads heads, int h)
    {
        float* q0 = heads.Query(h), q1 = heads.Query(h + 1), tail = heads.QueryTail(h), s = heads.Scores(h) - heads.Origin;
        int whole = heads.HeadDim & ~15, rest = heads.HeadDim & 15;
        for (int position = heads.First; position < heads.End; position++)
        {
            byte* key = span.Key(position);
            TLanes last = rest > 0 ? Partial.Load<TLanes, TStored>(key + (whole * TStored.Bytes), rest) : TLanes.Zero;
            TLanes a0 = TLanes.Zero, a1 = a0;
            for (nint c = 0; c < whole; c += 16)
            {
                TLanes k = TStored.Load<TLanes>(key + (c * TStored.Bytes));
                a0 = TLanes.Fma(k, TLanes.Load(q0 + c), a0);
                a1 = TLanes.Fma(k, TLanes.Load(q1 + c), a1);
            }
            if (rest > 0)
            {
                a0 = TLanes.Fma(last, TLanes.Load(tail), a0);
                a1 = TLanes.Fma(last, TLanes.Load(tail + 16), a1);
            }
            s[position] = TLanes.Sum(a0) * heads.Scale;
            s[position + heads.Padded] = TLanes.Sum(a1) * heads.Scale;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void One(in AttentionSpan span, in AttentionHeads heads, int h)
    {
        float* q = heads.Query(h), tail = heads.QueryTail(h), s = heads.Scores(h) - heads.Origin;
        int whole = heads.HeadDim & ~15, rest = heads.HeadDim & 15;
        for (int position = heads.First; position < heads.End; position++)
        {
            byte* key = span.Key(position);
            TLanes last = rest > 0 ? Partial.Load<TLanes, TStored>(key + (whole * TStored.Bytes), rest) : TLanes.Zero;
            TLanes a = TLanes.Zero;
            for (nint c = 0; c < whole; c += 16) a = TLanes.Fma(TStored.Load<TLanes>(key + (c * TStored.Bytes)), TLanes.Load(q + c), a);
            if (rest > 0) a = TLanes.Fma(last, TLanes.Load(tail), a);
            s[position] = TLanes.Sum(a) * heads.Scale;
        }
    }
}
