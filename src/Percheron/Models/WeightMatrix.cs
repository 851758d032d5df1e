using Percheron.Formats;
using Percheron.Kernels;

namespace Percheron.Models;

/// <summary>A stored matrix [Outputs, Inputs], used where it lies, or, in the types that gain from it, from a copy packed for products.</summary>
internal sealed unsafe class WeightMatrix(TensorType type, byte* data, int outputs, int inputs, long rowBytes)
{
    /// <summary>Rows that no packed form tears apart.</summary>
    public const int PackedRows = 64;

    private NativeBuffer? _owner;
    private byte* _packed;

    public TensorType Type { get; } = type;

    public int Outputs { get; } = outputs;

    public int Inputs { get; } = inputs;

    /// <summary>Stored bytes.</summary>
    public long Bytes { get; } = outputs * rowBytes;

    /// <summary>The form of activations that <see cref="Multiply"/> reads.</summary>
    public ActivationKinds Kind { get; } = type switch
    {
        TensorType.Q8_0 or TensorType.Q4_0 => ActivationKinds.Q8,
        TensorType.Q4_K or TensorType.Q6_K => ActivationKinds.Q8K,
        TensorType.BF16 => ActivationKinds.BF16,
        _ => ActivationKinds.Single,
    };

    /// <summary>Whether products decode the rows first, for want of a kernel of their own.</summary>
    public bool IsDecoded => RowDecoder.Knows(Type);

    /// <summary>Whether there is a packed form to multiply by.</summary>
    public bool IsPacked => _packed is not null;

    /// <summary>Rows [from, from + count) as a matrix of their own.</summary>
    public WeightMatrix Slice(int from, int count) => new(Type, Stored(from), count, Inputs, rowBytes);

    /// <summary>Bytes of the first <paramref name="rows"/> rows, a multiple of <see cref="PackedRows"/> or all of them, in the form that is packed for <see cref="Multiply"/>; 0 for types without one.</summary>
    public long PackedBytes(int rows) => Type switch
    {
        TensorType.Q8_0 => PackedProduct.BytesQ8_0(rows, Inputs),
        TensorType.Q4_0 => PackedProduct.BytesQ4_0(rows, Inputs),
        TensorType.Q4_K => ProductQ4_K.PackedBytes(rows, Inputs),
        TensorType.Q6_K => ProductQ6_K.PackedBytes(rows, Inputs),
        TensorType.BF16 => ProductBF16.PackedBytes(rows, Inputs),
        _ => 0,
    };

    /// <summary>Packs rows [from, from + count) to their place behind <paramref name="packed"/>, where row 0 begins; any thread may do so.</summary>
    /// <param name="packed">Aligned to 64 bytes.</param>
    /// <param name="from">A multiple of <see cref="PackedRows"/>.</param>
    /// <param name="count">A multiple of it too, but for the last rows.</param>
    public void Pack(byte* packed, int from, int count)
    {
        packed += PackedBytes(from);
        byte* stored = Stored(from);
        switch (Type)
        {
            case TensorType.Q8_0: PackedProduct.PackQ8_0(stored, count, Inputs, packed); break;
            case TensorType.Q4_0: PackedProduct.PackQ4_0(stored, count, Inputs, packed); break;
            case TensorType.Q4_K: ProductQ4_K.Pack(stored, count, Inputs, packed); break;
            case TensorType.Q6_K: ProductQ6_K.Pack(stored, count, Inputs, packed); break;
            case TensorType.BF16: ProductBF16.Pack(stored, count, Inputs, packed); break;
            default: throw new InvalidOperationException($"{Type} has no packed form");
        }
    }

    /// <summary>Lets <see cref="Multiply"/> read the packed form, complete by now. Nothing reads the stored rows any more but <see cref="ReadRow"/>.</summary>
    /// <param name="owner">Kept alive here.</param>
    /// <param name="packed">Row 0; null where <paramref name="owner"/> holds the stored rows.</param>
    public void Use(NativeBuffer owner, byte* packed)
    {
        _owner = owner;
        _packed = packed;
    }

    /// <summary>Stored bytes of a row; the next rows follow.</summary>
    public byte* Stored(int row) => data + row * rowBytes;

    /// <summary>Decodes one row into <paramref name="target"/> [Inputs].</summary>
    public void ReadRow(int row, Span<float> target) =>
        BlockCodec.Decode(Type, new ReadOnlySpan<byte>(Stored(row), (int)rowBytes), target);

    /// <summary>y[t, o] = W[o] · x[first + t] for <paramref name="rows"/> rows of x and the outputs o in [from, to).</summary>
    /// <param name="x">Rows of Inputs floats, quantized as <see cref="Kind"/> says.</param>
    /// <param name="first">First row of x.</param>
    /// <param name="rows">How many.</param>
    /// <param name="from">First output.</param>
    /// <param name="to">One past the last.</param>
    /// <param name="y">Output 0 of row <paramref name="first"/>.</param>
    /// <param name="stride">Floats from one row of y to the next.</param>
    /// <param name="scratch">[2 · Inputs] floats of the calling thread, for types that are decoded.</param>
    public void Multiply(Activations x, int first, int rows, int from, int to, float* y, int stride, float* scratch)
    {
        switch (Type)
        {
            case TensorType.Q8_0: PackedProduct.MultiplyQ8_0(_packed, x.Q8(first), rows, Inputs, from, to, y, stride); break;
            case TensorType.Q4_0: PackedProduct.MultiplyQ4_0(_packed, x.Q8(first), rows, Inputs, from, to, y, stride); break;
            case TensorType.F32: ProductF32.Multiply(data, x.Single(first), rows, Inputs, from, to, y, stride); break;
            case TensorType.F16: ProductF16.Multiply(data, x.Single(first), rows, Inputs, from, to, y, stride); break;
            case TensorType.BF16: ProductBF16.Multiply(_packed, x.BF16(first), rows, Inputs, from, to, y, stride); break;
            case TensorType.Q4_K: ProductQ4_K.Multiply(_packed, x.Q8K(first), rows, Inputs, from, to, y, stride); break;
            case TensorType.Q6_K: ProductQ6_K.Multiply(_packed, x.Q8K(first), rows, Inputs, from, to, y, stride); break;
            default: ProductDecoded.Multiply(RowDecoder.Of(Type), data, rowBytes, x.Single(first), rows, Inputs, from, to, y, stride, scratch); break;
        }
    }
}
