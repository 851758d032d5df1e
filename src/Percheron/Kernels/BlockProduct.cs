namespace Percheron.Kernels;

/// <summary>Chooses the form of a product of 32-weight blocks.</summary>
internal static unsafe class BlockProduct
{
    public static void Multiply<TBlock>(byte* w, byte* x, int n, int columns, int from, int to, float* y, int yStride)
        where TBlock : struct, IBlock32
    {
        Product p = new()
        {
            Weights = w, WeightRowBytes = (long)columns / 32 * TBlock.Bytes, Inputs = x, InputRowBytes = ActivationsQ8.RowBytes(columns),
            Columns = columns, Outputs = y, OutputStride = yStride,
        };
        switch (InstructionSet.Active)
        {
            case InstructionLevel.Avx512: TileDriver.Run<BlockTile<Lanes512, Bytes512, TBlock>>(in p, n, from, to); break;
            case InstructionLevel.Avx2 when InstructionSet.Vnni: TileDriver.Run<BlockTile<Lanes256, Bytes256<VnniDot>, TBlock>>(in p, n, from, to); break;
            case InstructionLevel.Avx2: TileDriver.Run<BlockTile<Lanes256, Bytes256<PlainDot>, TBlock>>(in p, n, from, to); break;
            case InstructionLevel.AdvSimd: TileDriver.Run<BlockTile<Lanes128, Bytes128, TBlock>>(in p, n, from, to); break;
            default: TileDriver.Run<BlockTile<LanesScalar, BytesScalar, TBlock>>(in p, n, from, to); break;
        }
    }
}
