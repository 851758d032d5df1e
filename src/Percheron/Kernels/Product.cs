using System.Runtime.CompilerServices;

namespace Percheron.Kernels;

/// <summary>The operands of one matrix product: y[t, o] = Σ over columns of w[o, ·] · x[t, ·].</summary>
internal readonly unsafe struct Product
{
    public required byte* Weights { get; init; }

    public required long WeightRowBytes { get; init; }

    public required byte* Inputs { get; init; }

    public required long InputRowBytes { get; init; }

    public required int Columns { get; init; }

    public required float* Outputs { get; init; }

    public required int OutputStride { get; init; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* Weight(int o) => Weights + (o * WeightRowBytes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* Input(int t) => Inputs + (t * InputRowBytes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float* Output(int o, int t) => Outputs + ((long)t * OutputStride) + o;
}
