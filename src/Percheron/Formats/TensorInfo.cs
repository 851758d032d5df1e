using System.Collections.Immutable;

namespace Percheron.Formats;

/// <summary>Where and how one tensor of a GGUF file is stored.</summary>
/// <param name="Name">Unique in the file.</param>
/// <param name="Type">Storage of the elements.</param>
/// <param name="Dimensions">One to four sizes, fastest first (GGUF order): the first is the number of columns.</param>
/// <param name="Offset">First byte, counted from the start of the file.</param>
/// <param name="ByteLength">Stored bytes, without padding.</param>
public sealed record TensorInfo(string Name, TensorType Type, ImmutableArray<long> Dimensions, long Offset, long ByteLength)
{
    /// <summary>Elements of one row: consecutive in memory, and the length that blocks divide.</summary>
    public long Columns => Dimensions[0];

    /// <summary>Product of all dimensions but the first.</summary>
    public long Rows => Elements / Columns;

    public long Elements { get; } = Product(Dimensions);

    /// <summary>Stored bytes of one row.</summary>
    public long RowBytes => ByteLength / Rows;

    /// <summary>Byte of the file at which the header describes this tensor: what an error about the tensor points at.</summary>
    public long DescribedAt { get; init; }

    private static long Product(ImmutableArray<long> dimensions)
    {
        long product = 1;
        foreach (long dimension in dimensions) product = checked(product * dimension);
        return product;
    }
}
