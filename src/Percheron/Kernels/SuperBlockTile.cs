using System.Runtime.CompilerServices;

namespace Percheron.Kernels;

/// <summary>
/// Products of super-blocks of 256 weights with <see cref="ActivationsQ8K"/>. Integer sums of a super-block are exact in sixteen lanes; each lane adds its sum
/// times (weight scale × activation scale) by one FMA, super-block by super-block.
/// </summary>
/// <remarks>An unpacked super-block fills the registers, so tiles are one weight row wide.</remarks>
internal readonly unsafe struct SuperBlockTile<TLanes, TBlock> : ITile
    where TLanes : unmanaged, ILanes<TLanes>
    where TBlock : struct, ISuperBlock<TBlock, TLanes>
{
    public static int MaxRows => Math.Max(3, TLanes.TileRows);

    public static void TwoByFour(in Product p, int o, int t)
    {
        OneByFour(in p, o, t);
        OneByFour(in p, o + 1, t);
    }

    public static void TwoByThree(in Product p, int o, int t)
    {
        OneByThree(in p, o, t);
        OneByThree(in p, o + 1, t);
    }

    public static void TwoByTwo(in Product p, int o, int t)
    {
        OneByTwo(in p, o, t);
        OneByTwo(in p, o + 1, t);
    }

    public static void TwoByOne(in Product p, int o, int t)
    {
        OneByOne(in p, o, t);
        OneByOne(in p, o + 1, t);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void OneByOne(in Product p, int o, int t)
    {
        byte* w = p.Weight(o), x0 = p.Input(t);
        TLanes a0 = TLanes.Zero;
        nint blocks = p.Columns / 256, sums = ActivationsQ8K.SumsAt(p.Columns), scales = ActivationsQ8K.ScalesAt(p.Columns);
        for (nint b = 0; b < blocks; b++)
        {
            TBlock block = TBlock.Unpack(w + (b * TBlock.Bytes));
            a0 = block.Step(a0, x0 + (b * 256), x0 + sums + (b * 32), ((float*)(x0 + scales))[b]);
        }
        *p.Output(o, t) = TLanes.Sum(a0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OneByTwo(in Product p, int o, int t)
    {
        byte* w = p.Weight(o), x0 = p.Input(t), x1 = p.Input(t + 1);
        TLanes a0 = TLanes.Zero, a1 = a0;
        nint blocks = p.Columns / 256, sums = ActivationsQ8K.SumsAt(p.Columns), scales = ActivationsQ8K.ScalesAt(p.Columns);
        for (nint b = 0; b < blocks; b++)
        {
            TBlock block = TBlock.Unpack(w + (b * TBlock.Bytes));
            nint at = b * 256, sum = sums + (b * 32);
            a0 = block.Step(a0, x0 + at, x0 + sum, ((float*)(x0 + scales))[b]);
            a1 = block.Step(a1, x1 + at, x1 + sum, ((float*)(x1 + scales))[b]);
        }
        *p.Output(o, t) = TLanes.Sum(a0);
        *p.Output(o, t + 1) = TLanes.Sum(a1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OneByThree(in Product p, int o, int t)
    {
        byte* w = p.Weight(o), x0 = p.Input(t), x1 = p.Input(t + 1), x2 = p.Input(t + 2);
        TLanes a0 = TLanes.Zero, a1 = a0, a2 = a0;
        nint blocks = p.Columns / 256, sums = ActivationsQ8K.SumsAt(p.Columns), scales = ActivationsQ8K.ScalesAt(p.Columns);
        for (nint b = 0; b < blocks; b++)
        {
            TBlock block = TBlock.Unpack(w + (b * TBlock.Bytes));
            nint at = b * 256, sum = sums + (b * 32);
            a0 = block.Step(a0, x0 + at, x0 + sum, ((float*)(x0 + scales))[b]);
            a1 = block.Step(a1, x1 + at, x1 + sum, ((float*)(x1 + scales))[b]);
            a2 = block.Step(a2, x2 + at, x2 + sum, ((float*)(x2 + scales))[b]);
        }
        *p.Output(o, t) = TLanes.Sum(a0);
        *p.Output(o, t + 1) = TLanes.Sum(a1);
        *p.Output(o, t + 2) = TLanes.Sum(a2);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OneByFour(in Product p, int o, int t)
    {
        byte* w = p.Weight(o), x0 = p.Input(t), x1 = p.Input(t + 1), x2 = p.Input(t + 2), x3 = p.Input(t + 3);
        TLanes a0 = TLanes.Zero, a1 = a0, a2 = a0, a3 = a0;
        nint blocks = p.Columns / 256, sums = ActivationsQ8K.SumsAt(p.Columns), scales = ActivationsQ8K.ScalesAt(p.Columns);
        for (nint b = 0; b < blocks; b++)
        {
            TBlock block = TBlock.Unpack(w + (b * TBlock.Bytes));
            nint at = b * 256, sum = sums + (b * 32);
            a0 = block.Step(a0, x0 + at, x0 + sum, ((float*)(x0 + scales))[b]);
            a1 = block.Step(a1, x1 + at, x1 + sum, ((float*)(x1 + scales))[b]);
            a2 = block.Step(a2, x2 + at, x2 + sum, ((float*)(x2 + scales))[b]);
            a3 = block.Step(a3, x3 + at, x3 + sum, ((float*)(x3 + scales))[b]);
        }
        *p.Output(o, t) = TLanes.Sum(a0);
        *p.Output(o, t + 1) = TLanes.Sum(a1);
        *p.Output(o, t + 2) = TLanes.Sum(a2);
        *p.Output(o, t + 3) = TLanes.Sum(a3);
    }
}
