using Percheron.Kernels;

namespace Percheron.Models;

/// <summary>
/// Rows that matrix products read, [rows, columns], as F32 and in every quantized form the matrices behind them ask for. A row is quantized by itself.
/// </summary>
internal sealed unsafe class Activations : IDisposable
{
    private readonly NativeBuffer _single = new(), _q8 = new(), _q8K = new(), _bf16 = new();
    private ActivationKinds _kinds;
    private bool _inParts;
    private int _q8RowBytes, _q8KRowBytes, _bf16RowBytes;

    /// <summary>Floats of one row.</summary>
    public int Columns { get; private set; }

    /// <summary>Whether complete rows are still to be quantized: they have a quantized form that <see cref="QuantizeColumns"/> does not make.</summary>
    public bool NeedsQuantizing => (_kinds & ActivationKinds.Q8K) != 0 || ((_kinds & (ActivationKinds.Q8 | ActivationKinds.BF16)) != 0 && !_inParts);

    /// <summary>Row <paramref name="row"/> as F32; the others follow.</summary>
    public float* Single(int row) => (float*)_single.Pointer + (long)row * Columns;

    /// <summary>Row <paramref name="row"/> in blocks of 32; the others follow.</summary>
    public byte* Q8(int row) => _q8.Pointer + (long)row * _q8RowBytes;

    /// <summary>Row <paramref name="row"/> in blocks of 256; the others follow.</summary>
    public byte* Q8K(int row) => _q8K.Pointer + (long)row * _q8KRowBytes;

    /// <summary>Row <paramref name="row"/> rounded to bfloat16; the others follow.</summary>
    public byte* BF16(int row) => _bf16.Pointer + (long)row * _bf16RowBytes;

    /// <summary>Forgets the rows and makes room for <paramref name="rows"/> of <paramref name="columns"/> floats in the forms <paramref name="kinds"/>.</summary>
    /// <param name="rows">How many rows.</param>
    /// <param name="columns">Floats of a row.</param>
    /// <param name="kinds">Forms besides F32.</param>
    /// <param name="inParts">Whether the stage that writes the rows calls <see cref="QuantizeColumns"/> for all of them.</param>
    public void Begin(int rows, int columns, ActivationKinds kinds, bool inParts = false)
    {
        (Columns, _kinds, _inParts) = (columns, kinds, inParts);
        _single.Reserve((long)rows * columns * sizeof(float));
        if ((kinds & ActivationKinds.Q8) != 0) _q8.Reserve((long)rows * (_q8RowBytes = ActivationsQ8.RowBytes(columns)));
        if ((kinds & ActivationKinds.Q8K) != 0) _q8K.Reserve((long)rows * (_q8KRowBytes = ActivationsQ8K.RowBytes(columns)));
        if ((kinds & ActivationKinds.BF16) != 0) _bf16.Reserve((long)rows * (_bf16RowBytes = ActivationsBF16.RowBytes(columns)));
    }

    /// <summary>Brings columns [from, to), multiples of 32, of the bytes in blocks of 32 and of the bfloat16 values up to date, if there are such; whoever wrote the columns has them at hand.</summary>
    public void QuantizeColumns(int row, int from, int to)
    {
        if (!_inParts) return;
        if ((_kinds & ActivationKinds.Q8) != 0) ActivationsQ8.Quantize(Single(row), Columns, from, to, Q8(row));
        if ((_kinds & ActivationKinds.BF16) != 0) ActivationsBF16.Quantize(Single(row), Columns, from, to, BF16(row));
    }

    /// <summary>Brings the quantized forms of a row up to date with its F32 form.</summary>
    public void Quantize(int row)
    {
        if ((_kinds & ActivationKinds.Q8) != 0) ActivationsQ8.Quantize(Single(row), Columns, Q8(row));
        if ((_kinds & ActivationKinds.Q8K) != 0) ActivationsQ8K.Quantize(Single(row), Columns, Q8K(row));
        if ((_kinds & ActivationKinds.BF16) != 0) ActivationsBF16.Quantize(Single(row), Columns, BF16(row));
    }

    public void Dispose()
    {
        _single.Dispose();
        _q8.Dispose();
        _q8K.Dispose();
        _bf16.Dispose();
    }
}
