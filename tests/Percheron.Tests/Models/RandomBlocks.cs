using System.Buffers.Binary;
using Percheron.Formats;

namespace Percheron.Tests.Models;

/// <summary>Random stored weights of any block type: random bits with scales set so that the decoded values have about the wanted size and mean 0.</summary>
internal static class RandomBlocks
{
    public static byte[] Create(TensorType type, int columns, int rows, double size, Random random)
    {
        byte[] bytes = new byte[BlockCodec.RowBytes(type, columns) * rows];
        int block = BlockCodec.BlockBytes(type);
        for (int at = 0; at < bytes.Length; at += block) Fill(type, bytes.AsSpan(at, block), size, random);
        return bytes;
    }

    private static void Fill(TensorType type, Span<byte> block, double size, Random random)
    {
        random.NextBytes(block);
        double value = size * (2 * random.NextDouble() - 1) * Math.Sqrt(3);
        double scale = size * (0.5 + random.NextDouble());
        switch (type)
        {
            case TensorType.F32: BinaryPrimitives.WriteSingleLittleEndian(block, (float)value); break;
            case TensorType.F16: BinaryPrimitives.WriteHalfLittleEndian(block, (Half)value); break;
            case TensorType.BF16: BinaryPrimitives.WriteInt16LittleEndian(block, (short)(BitConverter.SingleToInt32Bits((float)value) >> 16)); break;
            case TensorType.Q8_0: Half(block, 0, scale / 74); break;
            case TensorType.Q4_0: Half(block, 0, scale / 4.6); break;
            case TensorType.Q5_0: Half(block, 0, scale / 9.2); break;
            case TensorType.Q4_1: Half(block, 0, scale / 4.6); Half(block, 2, -7.5 * scale / 4.6); break;
            case TensorType.Q5_1: Half(block, 0, scale / 9.2); Half(block, 2, -15.5 * scale / 9.2); break;
            case TensorType.Q4_K: Half(block, 0, scale / 300); Half(block, 2, 7.5 * scale / 300); break;
            case TensorType.Q5_K: Half(block, 0, scale / 600); Half(block, 2, 15.5 * scale / 600); break;
            case TensorType.Q6_K: Half(block, 208, scale / 1400); break;
            default: throw new ArgumentOutOfRangeException(nameof(type));
        }
    }

    private static void Half(Span<byte> block, int at, double value) => BinaryPrimitives.WriteHalfLittleEndian(block[at..], (Half)value);
}
