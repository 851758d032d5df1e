using System.Runtime.CompilerServices;

namespace Percheron.Kernels;

/// <summary>
/// Products of weights in blocks of 32 with <see cref="ActivationsQ8"/>. Two blocks at a time: lanes 0–7 belong to the even block, 8–15 to the odd one; lane j
/// converts its exact sum of four byte products and adds it, times (weight scale × activation scale), by one FMA. A missing last block counts as zeros.
/// </summary>
internal readonly unsafe struct BlockTile<TLanes, TBytes, TBlock> : ITile
    where TLanes : unmanaged, ILanes<TLanes>
    where TBytes : unmanaged, IBytes64<TBytes, TLanes>
    where TBlock : struct, IBlock32
{
    public static int MaxRows => TLanes.TileRows;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void TwoByFour(in Product p, int o, int t)
    {
        byte* w0 = p.Weight(o), w1 = p.Weight(o + 1), x0 = p.Input(t), x1 = p.Input(t + 1), x2 = p.Input(t + 2), x3 = p.Input(t + 3), zeros = Partial.Zeros;
        TLanes a0 = TLanes.Zero, a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0;
        nint blocks = p.Columns / 32, scales = ActivationsQ8.ScalesAt(p.Columns);
        for (nint b = 0; b < blocks; b += 2)
        {
            TBytes q0 = Weights(w0, w1, b, blocks, zeros, out TLanes s0, out TBytes q1, out TLanes s1), m0 = TBytes.Magnitude(q0), m1 = TBytes.Magnitude(q1);
            TBytes x = Inputs(x0, b, scales, out TLanes s);
            a0 = Step(a0, q0, m0, s0, x, s);
            b0 = Step(b0, q1, m1, s1, x, s);
            x = Inputs(x1, b, scales, out s);
            a1 = Step(a1, q0, m0, s0, x, s);
            b1 = Step(b1, q1, m1, s1, x, s);
            x = Inputs(x2, b, scales, out s);
            a2 = Step(a2, q0, m0, s0, x, s);
            b2 = Step(b2, q1, m1, s1, x, s);
            x = Inputs(x3, b, scales, out s);
            a3 = Step(a3, q0, m0, s0, x, s);
            b3 = Step(b3, q1, m1, s1, x, s);
        }
        Store(p.Output(o, t), a0, b0);
        Store(p.Output(o, t + 1), a1, b1);
        Store(p.Output(o, t + 2), a2, b2);
        Store(p.Output(o, t + 3), a3, b3);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void TwoByThree(in Product p, int o, int t)
    {
        byte* w0 = p.Weight(o), w1 = p.Weight(o + 1), x0 = p.Input(t), x1 = p.Input(t + 1), x2 = p.Input(t + 2), zeros = Partial.Zeros;
        TLanes a0 = TLanes.Zero, a1 = a0, a2 = a0, b0 = a0, b1 = a0, b2 = a0;
        nint blocks = p.Columns / 32, scales = ActivationsQ8.ScalesAt(p.Columns);
        for (nint b = 0; b < blocks; b += 2)
        {
            TBytes q0 = Weights(w0, w1, b, blocks, zeros, out TLanes s0, out TBytes q1, out TLanes s1), m0 = TBytes.Magnitude(q0), m1 = TBytes.Magnitude(q1);
            TBytes x = Inputs(x0, b, scales, out TLanes s);
            a0 = Step(a0, q0, m0, s0, x, s);
            b0 = Step(b0, q1, m1, s1, x, s);
            x = Inputs(x1, b, scales, out s);
            a1 = Step(a1, q0, m0, s0, x, s);
            b1 = Step(b1, q1, m1, s1, x, s);
            x = Inputs(x2, b, scales, out s);
            a2 = Step(a2, q0, m0, s0, x, s);
            b2 = Step(b2, q1, m1, s1, x, s);
        }
        Store(p.Output(o, t), a0, b0);
        Store(p.Output(o, t + 1), a1, b1);
        Store(p.Output(o, t + 2), a2, b2);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void TwoByTwo(in Product p, int o, int t)
    {
        byte* w0 = p.Weight(o), w1 = p.Weight(o + 1), x0 = p.Input(t), x1 = p.Input(t + 1), zeros = Partial.Zeros;
        TLanes a0 = TLanes.Zero, a1 = a0, b0 = a0, b1 = a0;
        nint blocks = p.Columns / 32, scales = ActivationsQ8.ScalesAt(p.Columns);
        for (nint b = 0; b < blocks; b += 2)
        {
            TBytes q0 = Weights(w0, w1, b, blocks, zeros, out TLanes s0, out TBytes q1, out TLanes s1), m0 = TBytes.Magnitude(q0), m1 = TBytes.Magnitude(q1);
            TBytes x = Inputs(x0, b, scales, out TLanes s);
            a0 = Step(a0, q0, m0, s0, x, s);
            b0 = Step(b0, q1, m1, s1, x, s);
            x = Inputs(x1, b, scales, out s);
            a1 = Step(a1, q0, m0, s0, x, s);
            b1 = Step(b1, q1, m1, s1, x, s);
        }
        Store(p.Output(o, t), a0, b0);
        Store(p.Output(o, t + 1), a1, b1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void TwoByOne(in Product p, int o, int t)
    {
        byte* w0 = p.Weight(o), w1 = p.Weight(o + 1), x0 = p.Input(t), zeros = Partial.Zeros;
        TLanes a0 = TLanes.Zero, b0 = a0;
        nint blocks = p.Columns / 32, scales = ActivationsQ8.ScalesAt(p.Columns);
        for (nint b = 0; b < blocks; b += 2)
        {
            TBytes q0 = Weights(w0, w1, b, blocks, zeros, out TLanes s0, out TBytes q1, out TLanes s1);
            TBytes x = Inputs(x0, b, scales, out TLanes s);
            a0 = Step(a0, q0, TBytes.Magnitude(q0), s0, x, s);
            b0 = Step(b0, q1, TBytes.Magnitude(q1), s1, x, s);
        }
        Store(p.Output(o, t), a0, b0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void OneByOne(in Product p, int o, int t)
    {
        byte* w0 = p.Weight(o), x0 = p.Input(t), zeros = Partial.Zeros;
        TLanes a0 = TLanes.Zero;
        nint blocks = p.Columns / 32, scales = ActivationsQ8.ScalesAt(p.Columns);
        for (nint b = 0; b < blocks; b += 2)
        {
            byte* lower = w0 + (b * TBlock.Bytes), upper = b + 1 < blocks ? lower + TBlock.Bytes : zeros;
            TBytes q0 = TBlock.Load<TBytes, TLanes>(lower, upper), x = Inputs(x0, b, scales, out TLanes s);
            a0 = Step(a0, q0, TBytes.Magnitude(q0), TLanes.LoadPairOfHalves(lower, upper), x, s);
        }
        *p.Output(o, t) = TLanes.Sum(a0);
    }

    /// <summary>Two blocks of each of two rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TBytes Weights(byte* row, byte* next, nint block, nint blocks, byte* zeros, out TLanes scales, out TBytes second, out TLanes secondScales)
    {
        byte* a = row + (block * TBlock.Bytes), b = next + (block * TBlock.Bytes);
        bool whole = block + 1 < blocks;
        byte* a1 = whole ? a + TBlock.Bytes : zeros, b1 = whole ? b + TBlock.Bytes : zeros;
        scales = TLanes.LoadPairsOfHalves(a, a1, b, b1, out secondScales);
        second = TBlock.Load<TBytes, TLanes>(b, b1);
        return TBlock.Load<TBytes, TLanes>(a, a1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TBytes Inputs(byte* row, nint block, nint scalesAt, out TLanes scales)
    {
        scales = TLanes.LoadPair((float*)(row + scalesAt) + block);
        return TBytes.Load(row + (block * 32));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Step(TLanes sum, TBytes w, TBytes magnitude, TLanes weightScales, TBytes x, TLanes inputScales) =>
        TLanes.Fma(TBytes.Dot(w, magnitude, x), TLanes.Multiply(weightScales, inputScales), sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* target, TLanes a, TLanes b)
    {
        target[0] = TLanes.Sum(a);
        target[1] = TLanes.Sum(b);
    }
}
