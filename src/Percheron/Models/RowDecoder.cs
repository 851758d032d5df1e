using Percheron.Formats;

namespace Percheron.Models;

/// <summary>Decoders of one stored weight row, as function pointers: products with types that have no kernel of their own call them.</summary>
internal static unsafe class RowDecoder
{
    public static bool Knows(TensorType type) => type is TensorType.Q4_1 or TensorType.Q5_0 or TensorType.Q5_1 or TensorType.Q5_K;

    public static delegate*<byte*, int, float*, void> Of(TensorType type) => type switch
    {
        TensorType.Q4_1 => &Q4_1,
        TensorType.Q5_0 => &Q5_0,
        TensorType.Q5_1 => &Q5_1,
        TensorType.Q5_K => &Q5_K,
        _ => throw new NotSupportedException($"products with {type} weights are not supported"),
    };

    private static void Q4_1(byte* row, int columns, float* target) => Decode(TensorType.Q4_1, row, columns, target);

    private static void Q5_0(byte* row, int columns, float* target) => Decode(TensorType.Q5_0, row, columns, target);

    private static void Q5_1(byte* row, int columns, float* target) => Decode(TensorType.Q5_1, row, columns, target);

    private static void Q5_K(byte* row, int columns, float* target) => Decode(TensorType.Q5_K, row, columns, target);

    private static void Decode(TensorType type, byte* row, int columns, float* target) =>
        BlockCodec.Decode(type, new ReadOnlySpan<byte>(row, (int)BlockCodec.RowBytes(type, columns)), new Span<float>(target, columns));
}
