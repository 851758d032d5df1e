namespace Percheron.Kernels;

/// <summary>Matrix product of Q6_K weights, packed once when they are loaded (<see cref="PackedQ6_K"/>), with <see cref="ActivationsQ8K"/>.</summary>
public static unsafe class ProductQ6_K
{
    /// <summary>Bytes of a packed matrix; rows are padded to a multiple of 16.</summary>
    public static long PackedBytes(int outputs, int columns) => (outputs + 15L) / 16 * (columns / 256) * PackedQ6_K.GroupBytes;

    /// <summary>Packs rows as GGUF stores them.</summary>
    /// <param name="stored">[outputs, columns], contiguous, of any alignment.</param>
    /// <param name="outputs">Rows.</param>
    /// <param name="columns">A multiple of 256.</param>
    /// <param name="packed"><see cref="PackedBytes"/> bytes, best aligned to 64; rows that are not there become zeros.</param>
    public static void Pack(byte* stored, int outputs, int columns, byte* packed) =>
        SuperBlock.Pack(&PackedQ6_K.Pack, PackedQ6_K.StoredBytes, PackedQ6_K.GroupBytes, stored, outputs, columns, packed);

    /// <summary>y[t, o] = Σ w[o, ·] x[t, ·] for the rows t of <paramref name="x"/> and the outputs o in [from, to).</summary>
    /// <param name="packed">A packed matrix.</param>
    /// <param name="x">Rows of <see cref="ActivationsQ8K.RowBytes"/> bytes each, contiguous.</param>
    /// <param name="n">Activation rows.</param>
    /// <param name="columns">A multiple of 256.</param>
    /// <param name="from">First output to compute.</param>
    /// <param name="to">One past the last, at most the number of rows packed.</param>
    /// <param name="y">[n, yStride]; only outputs in [from, to) are written.</param>
    /// <param name="yStride">Floats from one row of y to the next.</param>
    public static void Multiply(byte* packed, byte* x, int n, int columns, int from, int to, float* y, int yStride)
    {
        GroupProduct p = new()
        {
            Packed = packed, GroupBytes = (long)columns / 256 * PackedQ6_K.GroupBytes, Inputs = x, InputRowBytes = ActivationsQ8K.RowBytes(columns),
            Columns = columns, Outputs = y, OutputStride = yStride,
        };
        switch (InstructionSet.Active)
        {
            case InstructionLevel.Avx512: GroupDriver.Run<Q6_KTile<Lanes512, GroupBytes512>>(in p, n, from, to); break;
            case InstructionLevel.Avx2: GroupDriver.Run<Q6_KTile<Lanes256, GroupBytes256>>(in p, n, from, to); break;
            case InstructionLevel.AdvSimd: GroupDriver.Run<Q6_KTile<Lanes128, GroupBytes128>>(in p, n, from, to); break;
            default: GroupDriver.Run<Q6_KTile<LanesScalar, GroupBytesScalar>>(in p, n, from, to); break;
        }
    }
}
