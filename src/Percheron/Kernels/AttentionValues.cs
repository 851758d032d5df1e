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
        int step = heads.Padded;
        for (int c = 0; c < heads.HeadDim; c += 16)
        {
            int count = Math.Min(16, heads.HeadDim - c);
            TLanes a0 = TLanes.Zero, a1 = a0, a2 = a0, a3 = a0;
            for (int position = heads.First; position < heads.End; position++)
            {
                TLanes v = Read(span.Value(position) + (c * TStored.Bytes), count);
                a0 = TLanes.Fma(v, TLanes.Broadcast(s[position]), a0);
                a1 = TLanes.Fma(v, TLanes.Broadcast(s[position + step]), a1);
                a2 = TLanes.Fma(v, TLanes.Broadcast(s[position + (2 * step)]), a2);
                a3 = TLanes.Fma(v, TLanes.Broadcast(s[position + (3 * step)]), a3);
            }
            Write(a0, heads.Output(h) + c, count);
            Write(a1, heads.Output(h + 1) + c, count);
            Write(a2, heads.Output(h + 2) + c, count);
            Write(a3, heads.Output(h + 3) + c, count);
        }
    }

    /// <summary>One head, 64 elements at a time where there are as many: four chains of FMAs hide each other's latency.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void One(in AttentionSpan span, in AttentionHeads heads, int h)
    {
        float* s = heads.Scores(h) - heads.Origin, output = heads.Output(h);
        int c = 0;
        for (; c + 64 <= heads.HeadDim; c += 64)
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
        for (; c < heads.HeadDim; c += 16)
        {
            int count = Math.Min(16, heads.HeadDim - c);
            TLanes a = TLanes.Zero;
            for (int position = heads.First; position < heads.End; position++)
                a = TLanes.Fma(Read(span.Value(position) + (c * TStored.Bytes), count), TLanes.Broadcast(s[position]), a);
            Write(a, output + c, count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Read(byte* source, int count) => count == 16 ? TStored.Load<TLanes>(source) : Partial.Load<TLanes, TStored>(source, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write(TLanes value, float* target, int count)
    {
        if (count == 16) TLanes.Store(value, target);
        else Partial.Store(value, target, count);
    }
}
