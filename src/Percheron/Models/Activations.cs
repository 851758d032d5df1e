using Percheron.Kernels;

namespace Percheron.Models;

/// <summary>
/// Rows that matrix products read, [rows, columns], as F32 and in every quantized form the matrices behind them ask for. A row is quantized by itself.
/// </summary>
internal sealed unsafe class Activations : IDisposable
{
    private readonly NativeBuffer _single = new(), _q8 = new(), _q8K = new();
    private ActivationKinds _kinds;
    private int _q8RowBytes, _q8KRowBytes;

    /// <summary>Floats of one row.</summary>
    public int Columns { get; private set; }

    /// <summary>Whether rows have a quantized form.</summary>
    public bool IsQuantized => (_kinds & ~ActivationKinds.Single) != 0;

    /// <summary>Row <paramref name="row"/> as F32; the others follow.</summary>
    public float* Single(int row) => (float*)_single.Pointer + (long)row * Columns;

    /// <summary>Row <paramref name="row"/> in blocks of 32; the others follow.</summary>
    public byte* Q8(int row) => _q8.Pointer + (long)row * _q8RowBytes;

    /// <summary>Row <paramref name="row"/> in blocks of 256; the others follow.</summary>
    public byte* Q8K(int row) => _q8K.Pointer + (long)row * _q8KRowBytes;

    /// <summary>Forgets the rows and makes room for <paramref name="rows"/> of <paramref name="columns"/> floats in the forms <paramref name="kinds"/>.</summary>
    public void Begin(int rows, int columns, ActivationKinds kinds)
    {
        (Columns, _kinds) = (columns, kinds);
        _single.Reserve((long)rows * columns * sizeof(float));
        if ((kinds & ActivationKinds.Q8) != 0) _q8.Reserve((long)rows * (_q8RowBytes = ActivationsQ8.RowBytes(columns)));
        if ((kinds & ActivationKinds.Q8K) != 0) _q8K.Reserve((long)rows * (_q8KRowBytes = ActivationsQ8K.RowBytes(columns)));
    }

    /// <summary>Brings the quantized forms of a row up to date with its F32 form.</summary>
    public void Quantize(int row)
    {
        if ((_kinds & ActivationKinds.Q8) != 0) ActivationsQ8.Quantize(Single(row), Columns, Q8(row));
        if ((_kinds & ActivationKinds.Q8K) != 0) ActivationsQ8K.Quantize(Single(row), Columns, Q8K(row));
    }

    public void Dispose()
    {
        _single.Dispose();
        _q8.Dispose();
        _q8K.Dispose();
    }
}
