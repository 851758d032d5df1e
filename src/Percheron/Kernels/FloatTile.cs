using System.Runtime.CompilerServices;

namespace Percheron.Kernels;

/// <summary>
/// Products of float weights, widened in registers, with float activations. Lane i of an output adds columns i, i + 16, … in order, each by one FMA;
/// the lanes are added at the end.
/// </summary>
internal readonly unsafe struct FloatTile<TLanes, TStored> : ITile
    where TLanes : unmanaged, ILanes<TLanes>
    where TStored : struct, IFloatWeights
{
    public static bool HasFour => TLanes.TileRows >= 4;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void TwoByFour(in Product p, int o, int t)
    {
        byte* w0 = p.Weight(o), w1 = p.Weight(o + 1);
        float* x0 = (float*)p.Input(t), x1 = (float*)p.Input(t + 1), x2 = (float*)p.Input(t + 2), x3 = (float*)p.Input(t + 3);
        TLanes a0 = TLanes.Zero, a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0;
        int whole = p.Columns & ~15, rest = p.Columns & 15;
        for (int c = 0; c < whole; c += 16)
        {
            TLanes v0 = TStored.Load<TLanes>(w0 + (c * TStored.Bytes)), v1 = TStored.Load<TLanes>(w1 + (c * TStored.Bytes));
            TLanes x = TLanes.Load(x0 + c);
            (a0, b0) = (TLanes.Fma(v0, x, a0), TLanes.Fma(v1, x, b0));
            x = TLanes.Load(x1 + c);
            (a1, b1) = (TLanes.Fma(v0, x, a1), TLanes.Fma(v1, x, b1));
            x = TLanes.Load(x2 + c);
            (a2, b2) = (TLanes.Fma(v0, x, a2), TLanes.Fma(v1, x, b2));
            x = TLanes.Load(x3 + c);
            (a3, b3) = (TLanes.Fma(v0, x, a3), TLanes.Fma(v1, x, b3));
        }
        if (rest > 0)
        {
            TLanes v0 = Partial.Load<TLanes, TStored>(w0 + (whole * TStored.Bytes), rest), v1 = Partial.Load<TLanes, TStored>(w1 + (whole * TStored.Bytes), rest);
            TLanes x = Partial.Load<TLanes>(x0 + whole, rest);
            (a0, b0) = (TLanes.Fma(v0, x, a0), TLanes.Fma(v1, x, b0));
            x = Partial.Load<TLanes>(x1 + whole, rest);
            (a1, b1) = (TLanes.Fma(v0, x, a1), TLanes.Fma(v1, x, b1));
            x = Partial.Load<TLanes>(x2 + whole, rest);
            (a2, b2) = (TLanes.Fma(v0, x, a2), TLanes.Fma(v1, x, b2));
            x = Partial.Load<TLanes>(x3 + whole, rest);
            (a3, b3) = (TLanes.Fma(v0, x, a3), TLanes.Fma(v1, x, b3));
        }
        Store(p.Output(o, t), a0, b0);
        Store(p.Output(o, t + 1), a1, b1);
        Store(p.Output(o, t + 2), a2, b2);
        Store(p.Output(o, t + 3), a3, b3);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void TwoByTwo(in Product p, int o, int t)
    {
        byte* w0 = p.Weight(o), w1 = p.Weight(o + 1);
        float* x0 = (float*)p.Input(t), x1 = (float*)p.Input(t + 1);
        TLanes a0 = TLanes.Zero, a1 = a0, b0 = a0, b1 = a0;
        int whole = p.Columns & ~15, rest = p.Columns & 15;
        for (int c = 0; c < whole; c += 16)
        {
            TLanes v0 = TStored.Load<TLanes>(w0 + (c * TStored.Bytes)), v1 = TStored.Load<TLanes>(w1 + (c * TStored.Bytes));
            TLanes x = TLanes.Load(x0 + c);
            (a0, b0) = (TLanes.Fma(v0, x, a0), TLanes.Fma(v1, x, b0));
            x = TLanes.Load(x1 + c);
            (a1, b1) = (TLanes.Fma(v0, x, a1), TLanes.Fma(v1, x, b1));
        }
        if (rest > 0)
        {
            TLanes v0 = Partial.Load<TLanes, TStored>(w0 + (whole * TStored.Bytes), rest), v1 = Partial.Load<TLanes, TStored>(w1 + (whole * TStored.Bytes), rest);
            TLanes x = Partial.Load<TLanes>(x0 + whole, rest);
            (a0, b0) = (TLanes.Fma(v0, x, a0), TLanes.Fma(v1, x, b0));
            x = Partial.Load<TLanes>(x1 + whole, rest);
            (a1, b1) = (TLanes.Fma(v0, x, a1), TLanes.Fma(v1, x, b1));
        }
        Store(p.Output(o, t), a0, b0);
        Store(p.Output(o, t + 1), a1, b1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void TwoByOne(in Product p, int o, int t)
    {
        byte* w0 = p.Weight(o), w1 = p.Weight(o + 1);
        float* x0 = (float*)p.Input(t);
        TLanes a0 = TLanes.Zero, b0 = a0;
        int whole = p.Columns & ~15, rest = p.Columns & 15;
        for (int c = 0; c < whole; c += 16)
        {
            TLanes x = TLanes.Load(x0 + c);
            a0 = TLanes.Fma(TStored.Load<TLanes>(w0 + (c * TStored.Bytes)), x, a0);
            b0 = TLanes.Fma(TStored.Load<TLanes>(w1 + (c * TStored.Bytes)), x, b0);
        }
        if (rest > 0)
        {
            TLanes x = Partial.Load<TLanes>(x0 + whole, rest);
            a0 = TLanes.Fma(Partial.Load<TLanes, TStored>(w0 + (whole * TStored.Bytes), rest), x, a0);
            b0 = TLanes.Fma(Partial.Load<TLanes, TStored>(w1 + (whole * TStored.Bytes), rest), x, b0);
        }
        Store(p.Output(o, t), a0, b0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void OneByOne(in Product p, int o, int t)
    {
        byte* w0 = p.Weight(o);
        float* x0 = (float*)p.Input(t);
        TLanes a0 = TLanes.Zero;
        int whole = p.Columns & ~15, rest = p.Columns & 15;
        for (int c = 0; c < whole; c += 16) a0 = TLanes.Fma(TStored.Load<TLanes>(w0 + (c * TStored.Bytes)), TLanes.Load(x0 + c), a0);
        if (rest > 0) a0 = TLanes.Fma(Partial.Load<TLanes, TStored>(w0 + (whole * TStored.Bytes), rest), Partial.Load<TLanes>(x0 + whole, rest), a0);
        *p.Output(o, t) = TLanes.Sum(a0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* target, TLanes a, TLanes b)
    {
        target[0] = TLanes.Sum(a);
        target[1] = TLanes.Sum(b);
    }
}
