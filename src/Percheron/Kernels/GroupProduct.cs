namespace Percheron.Kernels;

/// <summary>The operands of one matrix product with weights packed in groups of sixteen rows: y[t, o] = Σ over columns of w[o, ·] · x[t, ·].</summary>
internal readonly unsafe struct GroupProduct
{
    public required byte* Packed { get; init; }

    /// <summary>Bytes from one group to the next.</summary>
    public required long GroupBytes { get; init; }

    public required byte* Inputs { get; init; }

    public required long InputRowBytes { get; init; }

    public required int Columns { get; init; }

    public required float* Outputs { get; init; }

    public required int OutputStride { get; init; }
}
