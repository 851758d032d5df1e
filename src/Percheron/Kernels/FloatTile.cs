using System.Runtime.CompilerServices;

namespace Percheron.Kernels;

/// <summary>
/// Products of float weights, widened in registers, with float activations. Lane i of an output adds columns i, i + 16, … in order, each by one FMA;
/// the lanes are added at the end. Per output, every tile performs the same operations in the same order; tiles differ only in how often a loaded weight is used.
/// </summary>
/// <remarks>
/// The last, shorter block is copied and padded with zeros before the loop starts: a second round of the loop reads the copies. No call happens while the
/// accumulators are live, because a call would send them all to memory.
/// </remarks>
internal readonly unsafe struct FloatTile<TLanes, TStored>
    where TLanes : unmanaged, ILanes<TLanes>
    where TStored : struct, IFloatWeights
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization), SkipLocalsInit]
    public static void TwoByFour(in Product p, int o, int t)
    {
        byte* w0 = p.Weight(o), w1 = p.Weight(o + 1), x0 = p.Input(t), x1 = p.Input(t + 1), x2 = p.Input(t + 2), x3 = p.Input(t + 3);
        nint whole = p.Columns & ~15, rest = p.Columns & 15;
        byte* tail = stackalloc byte[6 * 64];
        if (rest > 0)
        {
            PadWeights(w0, w1, p.Columns, tail);
            PadInputs(x0, x1, p.Columns, tail + 128);
            PadInputs(x2, x3, p.Columns, tail + 256);
        }
        TLanes a0 = TLanes.Zero, a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0;
        while (true)
        {
            for (nint c = 0; c < whole; c += 16)
            {
                TLanes v0 = Weight(w0, c), v1 = Weight(w1, c), x = Input(x0, c);
                a0 = TLanes.Fma(v0, x, a0);
                b0 = TLanes.Fma(v1, x, b0);
                x = Input(x1, c);
                a1 = TLanes.Fma(v0, x, a1);
                b1 = TLanes.Fma(v1, x, b1);
                x = Input(x2, c);
                a2 = TLanes.Fma(v0, x, a2);
                b2 = TLanes.Fma(v1, x, b2);
                x = Input(x3, c);
                a3 = TLanes.Fma(v0, x, a3);
                b3 = TLanes.Fma(v1, x, b3);
            }
            if (rest == 0) break;
            w0 = tail;
            w1 = tail + 64;
            x0 = tail + 128;
            x1 = tail + 192;
            x2 = tail + 256;
            x3 = tail + 320;
            (whole, rest) = (16, 0);
        }
        Store(p.Output(o, t), a0, b0);
        Store(p.Output(o, t + 1), a1, b1);
        Store(p.Output(o, t + 2), a2, b2);
        Store(p.Output(o, t + 3), a3, b3);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization), SkipLocalsInit]
    public static void TwoByThree(in Product p, int o, int t)
    {
        byte* w0 = p.Weight(o), w1 = p.Weight(o + 1), x0 = p.Input(t), x1 = p.Input(t + 1), x2 = p.Input(t + 2);
        nint whole = p.Columns & ~15, rest = p.Columns & 15;
        byte* tail = stackalloc byte[6 * 64];
        if (rest > 0)
        {
            PadWeights(w0, w1, p.Columns, tail);
            PadInputs(x0, x1, p.Columns, tail + 128);
            PadInputs(x2, x2, p.Columns, tail + 256);
        }
        TLanes a0 = TLanes.Zero, a1 = a0, a2 = a0, b0 = a0, b1 = a0, b2 = a0;
        while (true)
        {
            for (nint c = 0; c < whole; c += 16)
            {
                TLanes v0 = Weight(w0, c), v1 = Weight(w1, c), x = Input(x0, c);
                a0 = TLanes.Fma(v0, x, a0);
                b0 = TLanes.Fma(v1, x, b0);
                x = Input(x1, c);
                a1 = TLanes.Fma(v0, x, a1);
                b1 = TLanes.Fma(v1, x, b1);
                x = Input(x2, c);
                a2 = TLanes.Fma(v0, x, a2);
                b2 = TLanes.Fma(v1, x, b2);
            }
            if (rest == 0) break;
            w0 = tail;
            w1 = tail + 64;
            x0 = tail + 128;
            x1 = tail + 192;
            x2 = tail + 256;
            (whole, rest) = (16, 0);
        }
        Store(p.Output(o, t), a0, b0);
        Store(p.Output(o, t + 1), a1, b1);
        Store(p.Output(o, t + 2), a2, b2);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization), SkipLocalsInit]
    public static void TwoByTwo(in Product p, int o, int t)
    {
        byte* w0 = p.Weight(o), w1 = p.Weight(o + 1), x0 = p.Input(t), x1 = p.Input(t + 1);
        nint whole = p.Columns & ~15, rest = p.Columns & 15;
        byte* tail = stackalloc byte[4 * 64];
        if (rest > 0)
        {
            PadWeights(w0, w1, p.Columns, tail);
            PadInputs(x0, x1, p.Columns, tail + 128);
        }
        TLanes a0 = TLanes.Zero, a1 = a0, b0 = a0, b1 = a0;
        while (true)
        {
            for (nint c = 0; c < whole; c += 16)
            {
                TLanes v0 = Weight(w0, c), v1 = Weight(w1, c), x = Input(x0, c);
                a0 = TLanes.Fma(v0, x, a0);
                b0 = TLanes.Fma(v1, x, b0);
                x = Input(x1, c);
                a1 = TLanes.Fma(v0, x, a1);
                b1 = TLanes.Fma(v1, x, b1);
            }
            if (rest == 0) break;
            w0 = tail;
            w1 = tail + 64;
            x0 = tail + 128;
            x1 = tail + 192;
            (whole, rest) = (16, 0);
        }
        Store(p.Output(o, t), a0, b0);
        Store(p.Output(o, t + 1), a1, b1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization), SkipLocalsInit]
    public static void TwoByOne(in Product p, int o, int t)
    {
        byte* w0 = p.Weight(o), w1 = p.Weight(o + 1), x0 = p.Input(t);
        nint whole = p.Columns & ~15, rest = p.Columns & 15;
        byte* tail = stackalloc byte[4 * 64];
        if (rest > 0)
        {
            PadWeights(w0, w1, p.Columns, tail);
            PadInputs(x0, x0, p.Columns, tail + 128);
        }
        TLanes a0 = TLanes.Zero, b0 = a0;
        while (true)
        {
            for (nint c = 0; c < whole; c += 16)
            {
                TLanes x = Input(x0, c);
                a0 = TLanes.Fma(Weight(w0, c), x, a0);
                b0 = TLanes.Fma(Weight(w1, c), x, b0);
            }
            if (rest == 0) break;
            w0 = tail;
            w1 = tail + 64;
            x0 = tail + 128;
            (whole, rest) = (16, 0);
        }
        Store(p.Output(o, t), a0, b0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void OneByOne(in Product p, int o, int t)
    {
        byte* w0 = p.Weight(o), x0 = p.Input(t);
        TLanes a0 = TLanes.Zero;
        int whole = p.Columns & ~15, rest = p.Columns & 15;
        for (nint c = 0; c < whole; c += 16) a0 = TLanes.Fma(Weight(w0, c), Input(x0, c), a0);
        if (rest > 0) a0 = TLanes.Fma(Partial.Load<TLanes, TStored>(w0 + (whole * TStored.Bytes), rest), Partial.Load<TLanes>((float*)x0 + whole, rest), a0);
        *p.Output(o, t) = TLanes.Sum(a0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Weight(byte* row, nint column) => TStored.Load<TLanes>(row + (column * TStored.Bytes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Input(byte* row, nint column) => TLanes.Load((float*)row + column);

    private static void PadWeights(byte* first, byte* second, int columns, byte* tail)
    {
        int at = (columns & ~15) * TStored.Bytes, bytes = (columns & 15) * TStored.Bytes;
        Partial.Pad(tail, first + at, bytes);
        Partial.Pad(tail + 64, second + at, bytes);
    }

    private static void PadInputs(byte* first, byte* second, int columns, byte* tail)
    {
        int at = (columns & ~15) * sizeof(float), bytes = (columns & 15) * sizeof(float);
        Partial.Pad(tail, first + at, bytes);
        Partial.Pad(tail + 64, second + at, bytes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* target, TLanes a, TLanes b)
    {
        target[0] = TLanes.Sum(a);
        target[1] = TLanes.Sum(b);
    }
}
