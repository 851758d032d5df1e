using System.Text;

namespace Percheron.Evaluation.Tests.Onnx;

/// <summary>The bytes of small ONNX files: protocol buffers, field by field.</summary>
internal static class OnnxFile
{
    /// <summary>One operation that makes "y" of "x".</summary>
    /// <param name="operation">Such as GlobalAveragePool.</param>
    /// <param name="type">Element type of the input: 1 single, 7 of 64-bit whole numbers.</param>
    /// <param name="input">Sizes.</param>
    /// <param name="output">Number of dimensions.</param>
    /// <param name="attribute">A whole number the operation takes, with its name.</param>
    public static byte[] Of(string operation, int type, long[] input, int output, (string Name, long Value)? attribute = null)
    {
        byte[] node = [.. Text(1, "x"), .. Text(2, "y"), .. Text(4, operation), .. attribute is { } a ? Part(5, [.. Text(1, a.Name), .. Number(3, a.Value), .. Number(20, 2)]) : []];
        byte[] graph = [.. Part(1, node), .. Text(2, "g"), .. Part(11, Value("x", type, input)), .. Part(12, Value("y", 1, [.. Enumerable.Repeat(-1L, output)]))];
        return [.. Number(1, 8), .. Part(7, graph), .. Part(8, Number(2, 13))];
    }

    private static byte[] Value(string name, int type, long[] sizes) =>
        [.. Text(1, name), .. Part(2, Part(1, [.. Number(1, type), .. Part(2, [.. sizes.SelectMany(s => Part(1, s < 0 ? Text(2, "n" + Guid.NewGuid().ToString("N")) : Number(1, s)))])]))];

    private static byte[] Text(int field, string text) => Part(field, Encoding.UTF8.GetBytes(text));

    private static byte[] Part(int field, byte[] bytes) => [.. Whole((ulong)((field << 3) | 2)), .. Whole((ulong)bytes.Length), .. bytes];

    private static byte[] Number(int field, long value) => [.. Whole((ulong)(field << 3)), .. Whole((ulong)value)];

    private static byte[] Whole(ulong value)
    {
        List<byte> bytes = [];
        for (; value >= 128; value >>= 7) bytes.Add((byte)(value | 128));
        bytes.Add((byte)value);
        return [.. bytes];
    }
}
