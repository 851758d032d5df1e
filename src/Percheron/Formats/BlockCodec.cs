using Percheron.Formats.Blocks;

namespace Percheron.Formats;

/// <summary>Sizes of every block type, and decoding and encoding of those Percheron supports.</summary>
/// <remarks>A block is the smallest run of elements stored together; a row is a whole number of blocks.</remarks>
public static class BlockCodec
{
    /// <summary>Names of the types <see cref="Decode"/> takes, for messages.</summary>
    public const string Decodable = "F32, F16, BF16, Q8_0, Q4_0, Q4_1, Q5_0, Q5_1, Q4_K, Q5_K, Q6_K";

    /// <summary>Whether the type has a known layout (it may still not be decodable).</summary>
    public static bool IsKnown(TensorType type) => Layout(type).Elements > 0;

    public static bool CanDecode(TensorType type) => CanEncode(type) || type is TensorType.Q4_1 or TensorType.Q5_0 or TensorType.Q5_1 or TensorType.Q5_K;

    public static bool CanEncode(TensorType type) =>
        type is TensorType.F32 or TensorType.F16 or TensorType.BF16 or TensorType.Q8_0 or TensorType.Q4_0 or TensorType.Q4_K or TensorType.Q6_K;

    /// <summary>Elements of one block.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The type is unknown.</exception>
    public static int BlockSize(TensorType type) => Known(type).Elements;

    /// <summary>Stored bytes of one block.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The type is unknown.</exception>
    public static int BlockBytes(TensorType type) => Known(type).Bytes;

    /// <summary>Stored bytes of <paramref name="columns"/> elements.</summary>
    /// <exception cref="ArgumentException">The block does not divide the columns.</exception>
    public static long RowBytes(TensorType type, long columns)
    {
        (int elements, int bytes) = Known(type);
        return columns % elements == 0
            ? checked(columns / elements * bytes)
            : throw new ArgumentException($"{columns} columns are not a whole number of {type} blocks of {elements}", nameof(columns));
    }

    /// <summary>Decodes whole blocks: <paramref name="source"/> holds exactly the bytes of <c>destination.Length</c> elements.</summary>
    /// <exception cref="NotSupportedException">The type is one Percheron does not decode.</exception>
    /// <exception cref="ArgumentException">The lengths do not belong together.</exception>
    public static void Decode(TensorType type, ReadOnlySpan<byte> source, Span<float> destination)
    {
        RequireMatch(type, source.Length, destination.Length);
        switch (type)
        {
            case TensorType.F32: F32.Decode(source, destination); break;
            case TensorType.F16: F16.Decode(source, destination); break;
            case TensorType.BF16: BF16.Decode(source, destination); break;
            case TensorType.Q8_0: Q8_0.Decode(source, destination); break;
            case TensorType.Q4_0: Q4_0.Decode(source, destination); break;
            case TensorType.Q4_1: Q4_1.Decode(source, destination); break;
            case TensorType.Q5_0: Q5_0.Decode(source, destination); break;
            case TensorType.Q5_1: Q5_1.Decode(source, destination); break;
            case TensorType.Q4_K: Q4_K.Decode(source, destination); break;
            case TensorType.Q5_K: Q5_K.Decode(source, destination); break;
            case TensorType.Q6_K: Q6_K.Decode(source, destination); break;
            default: throw new NotSupportedException($"{type} weights cannot be decoded; supported are {Decodable}");
        }
    }

    /// <summary>Encodes whole blocks: <paramref name="destination"/> has exactly the bytes of <c>source.Length</c> elements. Every byte is written.</summary>
    /// <exception cref="NotSupportedException">The type is one Percheron does not encode.</exception>
    /// <exception cref="ArgumentException">The lengths do not belong together.</exception>
    /// <remarks>Values should be finite and within ±65504 where the type holds half-precision scales; others give blocks that decode to nonsense.</remarks>
    public static void Encode(TensorType type, ReadOnlySpan<float> source, Span<byte> destination)
    {
        RequireMatch(type, destination.Length, source.Length);
        switch (type)
        {
            case TensorType.F32: F32.Encode(source, destination); break;
            case TensorType.F16: F16.Encode(source, destination); break;
            case TensorType.BF16: BF16.Encode(source, destination); break;
            case TensorType.Q8_0: Q8_0.Encode(source, destination); break;
            case TensorType.Q4_0: Q4_0.Encode(source, destination); break;
            case TensorType.Q4_K: Q4_K.Encode(source, destination); break;
            case TensorType.Q6_K: Q6_K.Encode(source, destination); break;
            default: throw new NotSupportedException($"{type} weights cannot be encoded");
        }
    }

    private static void RequireMatch(TensorType type, int bytes, int elements)
    {
        if (RowBytes(type, elements) != bytes)
            throw new ArgumentException($"{elements} elements of {type} take {RowBytes(type, elements)} bytes, not {bytes}");
    }

    private static (int Elements, int Bytes) Known(TensorType type) =>
        Layout(type) is { Elements: > 0 } layout ? layout : throw new ArgumentOutOfRangeException(nameof(type), $"tensor type {(uint)type} is unknown");

    private static (int Elements, int Bytes) Layout(TensorType type) => type switch
    {
        TensorType.F32 => (1, 4),
        TensorType.F16 => (1, 2),
        TensorType.BF16 => (1, 2),
        TensorType.Q4_0 => (32, 18),
        TensorType.Q4_1 => (32, 20),
        TensorType.Q5_0 => (32, 22),
        TensorType.Q5_1 => (32, 24),
        TensorType.Q8_0 => (32, 34),
        TensorType.Q8_1 => (32, 36),
        TensorType.Q2_K => (256, 84),
        TensorType.Q3_K => (256, 110),
        TensorType.Q4_K => (256, 144),
        TensorType.Q5_K => (256, 176),
        TensorType.Q6_K => (256, 210),
        TensorType.Q8_K => (256, 292),
        TensorType.IQ2_XXS => (256, 66),
        TensorType.IQ2_XS => (256, 74),
        TensorType.IQ3_XXS => (256, 98),
        TensorType.IQ1_S => (256, 50),
        TensorType.IQ4_NL => (32, 18),
        TensorType.IQ3_S => (256, 110),
        TensorType.IQ2_S => (256, 82),
        TensorType.IQ4_XS => (256, 136),
        TensorType.IQ1_M => (256, 56),
        TensorType.TQ1_0 => (256, 54),
        TensorType.TQ2_0 => (256, 66),
        TensorType.MXFP4 => (32, 17),
        TensorType.I8 => (1, 1),
        TensorType.I16 => (1, 2),
        TensorType.I32 => (1, 4),
        TensorType.I64 => (1, 8),
        TensorType.F64 => (1, 8),
        _ => (0, 0),
    };
}
