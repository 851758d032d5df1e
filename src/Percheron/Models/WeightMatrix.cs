using Percheron.Formats;
using Percheron.Kernels;

namespace Percheron.Models;

/// <summary>A stored matrix [Outputs, Inputs], used where it lies, or, in the types that gain from it, from a copy packed for products.</summary>
internal sealed unsafe class WeightMatrix(TensorType type, byte* data, int outputs, int inputs, long rowBytes)
{
    private NativeBuffer? _packed;

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
        _ => ActivationKinds.Single,
    };

    /// <summary>Whether products decode the rows first, for want of a kernel of their own.</summary>
    public bool IsDecoded => RowDecoder.Knows(Type);

    /// <summary>Rows [from, from + count) as a matrix of their own.</summary>
    public WeightMatrix Slice(int from, int count) => new(Type, data + from * rowBytes, count, Inputs, rowBytes);

    /// <summary>Packs the rows for <see cref="Multiply"/>, where the type has a packed form. The stored rows stay in place; nothing reads them any more but <see cref="ReadRow"/>.</summary>
    public void Pack()
    {
        if (_packed is not null || Type is not (TensorType.Q8_0 or TensorType.Q4_0)) return;
        NativeBuffer packed = new();
        bool bytes = Type == TensorType.Q8_0;
        packed.Replace(bytes ? PackedProduct.BytesQ8_0(Outputs, Inputs) : PackedProduct.BytesQ4_0(Outputs, Inputs));
        if (bytes) PackedProduct.PackQ8_0(data, Outputs, Inputs, packed.Pointer);
        else PackedProduct.PackQ4_0(data, Outputs, Inputs, packed.Pointer);
        _packed = packed;
    }

    /// <summary>Decodes one row into <paramref name="target"/> [Inputs].</summary>
    public void ReadRow(int row, Span<float> target) =>
        BlockCodec.Decode(Type, new ReadOnlySpan<byte>(data + row * rowBytes, (int)rowBytes), target);

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
            case TensorType.Q8_0 when _packed is not null: PackedProduct.MultiplyQ8_0(_packed.Pointer, x.Q8(first), rows, Inputs, from, to, y, stride); break;
            case TensorType.Q4_0 when _packed is not null: PackedProduct.MultiplyQ4_0(_packed.Pointer, x.Q8(first), rows, Inputs, from, to, y, stride); break;
            case TensorType.F32: ProductF32.Multiply(data, x.Single(first), rows, Inputs, from, to, y, stride); break;
            case TensorType.F16: ProductF16.Multiply(data, x.Single(first), rows, Inputs, from, to, y, stride); break;
            case TensorType.BF16: ProductBF16.Multiply(data, x.Single(first), rows, Inputs, from, to, y, stride); break;
            case TensorType.Q8_0: ProductQ8_0.Multiply(data, x.Q8(first), rows, Inputs, from, to, y, stride); break;
            case TensorType.Q4_0: ProductQ4_0.Multiply(data, x.Q8(first), rows, Inputs, from, to, y, stride); break;
            case TensorType.Q4_K: ProductQ4_K.Multiply(data, x.Q8K(first), rows, Inputs, from, to, y, stride); break;
            case TensorType.Q6_K: ProductQ6_K.Multiply(data, x.Q8K(first), rows, Inputs, from, to, y, stride); break;
            default: ProductDecoded.Multiply(RowDecoder.Of(Type), data, rowBytes, x.Single(first), rows, Inputs, from, to, y, stride, scratch); break;
        }
    }
}
