using System.Collections.Immutable;

namespace Percheron.Formats;

/// <summary>Where and how one tensor of a safetensors file is stored.</summary>
/// <param name="Name">Unique in the file, or in all shards together.</param>
/// <param name="Type">Type of the elements.</param>
/// <param name="Shape">Sizes as stored, slowest first (the reverse of GGUF); empty for a single number. A size may be 0.</param>
/// <param name="Shard">Path of the file that holds the tensor.</param>
/// <param name="Offset">First byte, counted from the start of that file; not necessarily a multiple of anything.</param>
/// <param name="ByteLength">Stored bytes.</param>
public sealed record SafetensorsInfo(string Name, SafetensorsType Type, ImmutableArray<long> Shape, string Shard, long Offset, long ByteLength)
{
    public long Elements { get; } = Product(Shape);

    /// <summary>Elements of one row: the last size, 1 for a single number.</summary>
    public long Columns => Shape.IsEmpty ? 1 : Shape[^1];

    /// <summary>Product of all sizes but the last.</summary>
    public long Rows => Shape.IsEmpty ? 1 : Product(Shape[..^1]);

    /// <summary>Byte of the file at which the header describes this tensor: what an error about the tensor points at.</summary>
    public long DescribedAt { get; init; }

    private static long Product(ImmutableArray<long> sizes)
    {
        long product = 1;
        foreach (long size in sizes) product = checked(product * size);
        return product;
    }
}
