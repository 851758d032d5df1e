using System.Runtime.CompilerServices;

namespace Percheron.Kernels;

/// <summary>Third pass: the weighted sum of values. Each output element adds one FMA per position, in position order.</summary>
internal static unsafe class AttentionValues<TLanes, TStored>
    where TLanes : unmanaged, ILanes<TLanes>
    where TStored : struct, IFloatWeights
{
    /// <summary>Heads h … h+3: each value is loaded and widened once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Four(in AttentionSpan span, in AttentionHeads heads, int h)
    {
        float* s = heads.Scores(h) - heads.Origin;
        nint step = heads.Padded;
        int whole = heads.HeadDim & ~15;
        for (int c = 0; c < whole; c += 16)
        {
            TLanes a0 = TLanes.Zero, a1 = a0, a2 = a0, a3 = a0;
            for (int position = heads.First; position < heads.End; position++)
            {
                float* weight = s + position;
                TLanes v = TStored.Load<TLanes>(span.Value(position) + (c * TStored.Bytes));
                a0 = TLanes.Fma(v, TLanes.Broadcast(weight[0]), a0);
                a1 = TLanes.Fma(v, TLanes.Broadcast(weight[step]), a1);
                a2 = TLanes.Fma(v, TLanes.Broadcast(weight[2 * step]), a2);
                a3 = TLanes.Fma(v, TLanes.Broadcast(weight[3 * step]), a3);
            }
            TLanes.Store(a0, heads.Output(h) + c);
            TLanes.Store(a1, heads.Output(h + 1) + c);
            TLanes.Store(a2, heads.Output(h + 2) + c);
            TLanes.Store(a3, heads.Output(h + 3) + c);
        }
        for (int i = 0; whole < heads.HeadDim && i < 4; i++) Last(in span, in heads, h + i);
    }

    /// <summary>Heads h and h+1, 32 elements at a time where there are as many.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Two(in AttentionSpan span, in AttentionHeads heads, int h)
    {
        float* s = heads.Scores(h) - heads.Origin;
        nint step = heads.Padded;
        int c = 0, whole = heads.HeadDim & ~15;
        for (; c + 32 <= whole; c += 32)
        {
            TLanes a0 = TLanes.Zero, a1 = a0, b0 = a0, b1 = a0;
            for (int position = heads.First; position < heads.End; position++)
            {
                byte* value = span.Value(position) + (c * TStored.Bytes);
                TLanes v = TStored.Load<TLanes>(value), w = TStored.Load<TLanes>(value + (16 * TStored.Bytes));
                TLanes first = TLanes.Broadcast(s[position]), second = TLanes.Broadcast(s[position + step]);
                a0 = TLanes.Fma(v, first, a0);
                a1 = TLanes.Fma(v, second, a1);
                b0 = TLanes.Fma(w, first, b0);
                b1 = TLanes.Fma(w, second, b1);
            }
            TLanes.Store(a0, heads.Output(h) + c);
            TLanes.Store(a1, heads.Output(h + 1) + c);
            TLanes.Store(b0, heads.Output(h) + c + 16);
            TLanes.Store(b1, heads.Output(h + 1) + c + 16);
        }
        for (; c < whole; c += 16)
        {
            TLanes a0 = TLanes.Zero, a1 = a0;
            for (int position = heads.First; position < heads.End; position++)
            {
                TLanes v = TStored.Load<TLanes>(span.Value(position) + (c * TStored.Bytes));
                a0 = TLanes.Fma(v, TLanes.Broadcast(s[position]), a0);
                a1 = TLanes.Fma(v, TLanes.Broadcast(s[position + step]), a1);
            }
            TLanes.Store(a0, heads.Output(h) + c);
            TLanes.Store(a1, heads.Output(h + 1) + c);
        }
        for (int i = 0; whole < heads.HeadDim && i < 2; i++) Last(in span, in heads, h + i);
    }

    /// <summary>One head, 64 elements at a time where there are as many: four chains of FMAs hide each other's latency.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void One(in AttentionSpan span, in AttentionHeads heads, int h)
    {
        float* s = heads.Scores(h) - heads.Origin, output = heads.Output(h);
        int c = 0, whole = heads.HeadDim & ~15;
        for (; c + 64 <= whole; c += 64)
        {
            TLanes a0 = TLanes.Zero, a1 = a0, a2 = a0, a3 = a0;
            for (int position = heads.First; position < heads.End; position++)
            {
                byte* value = span.Value(position) + (c * TStored.Bytes);
                TLanes weight = TLanes.Broadcast(s[position]);
                a0 = TLanes.Fma(TStored.Load<TLanes>(value), weight, a0);
                a1 = TLanes.Fma(TStored.Load<TLanes>(value + (16 * TStored.Bytes)), weight, a1);
                a2 = TLanes.Fma(TStored.Load<TLanes>(value + (32 * TStored.Bytes)), weight, a2);
                a3 = TLanes.Fma(TStored.Load<TLanes>(value + (48 * TStored.Bytes)), weight, a3);
            }
            TLanes.Store(a0, output + c);
            TLanes.Store(a1, output + c + 16);
            TLanes.Store(a2, output + c + 32);
            TLanes.Store(a3, output + c + 48);
        }
        for (; c < whole; c += 16)
        {
            TLanes a = TLanes.Zero;
            for (int position = heads.First; position < heads.End; position++)
                a = TLanes.Fma(TStored.Load<TLanes>(span.Value(position) + (c * TStored.Bytes)), TLanes.Broadcast(s[position]), a);
            TLanes.Store(a, output + c);
        }
        if (c < heads.HeadDim) Last(in span, in heads, h);
    }

    /// <summary>The shorter last block of a head.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Last(in AttentionSpan span, in AttentionHeads heads, int h)
    {
        float* s = heads.Scores(h) - heads.Origin;
        int whole = heads.HeadDim & ~15, rest = heads.HeadDim & 15;
        TLanes a = TLanes.Zero;
        for (int position = heads.First; position < heads.End; position++)
            a = TLanes.Fma(Partial.Load<TLanes, TStored>(span.Value(position) + (whole * TStored.Bytes), rest), TLanes.Broadcast(s[position]), a);
        Partial.Store(a, heads.Output(h) + whole, rest);
    }
}
