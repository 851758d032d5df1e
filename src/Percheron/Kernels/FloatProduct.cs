namespace Percheron.Kernels;

/// <summary>Chooses the form of a float product.</summary>
internal static unsafe class FloatProduct
{
    public static void Multiply<TStored>(byte* w, float* x, int n, int columns, int from, int to, float* y, int yStride)
        where TStored : struct, IFloatWeights
    {
        Product p = new()
        {
            Weights = w, WeightRowBytes = (long)columns * TStored.Bytes, Inputs = (byte*)x, InputRowBytes = (long)columns * sizeof(float),
            Columns = columns, Outputs = y, OutputStride = yStride,
        };
        switch (InstructionSet.Active)
        {
            case InstructionLevel.Avx512: FloatDriver.Run<Lanes512, TStored>(in p, n, from, to); break;
            case InstructionLevel.Avx2: FloatDriver.Run<Lanes256, TStored>(in p, n, from, to); break;
            case InstructionLevel.AdvSimd: FloatDriver.Run<Lanes128, TStored>(in p, n, from, to); break;
            default: FloatDriver.Run<LanesScalar, TStored>(in p, n, from, to); break;
        }
    }
}
