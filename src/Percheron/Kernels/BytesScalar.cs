using System.Runtime.CompilerServices;

namespace Percheron.Kernels;

/// <summary>Sixty-four bytes one after the other: the definition of what the vector forms compute.</summary>
[InlineArray(64)]
internal unsafe struct BytesScalar : IBytes64<BytesScalar, LanesScalar>
{
    private byte _first;

    public static BytesScalar Load(byte* lower, byte* upper)
    {
        BytesScalar r = default;
        for (int i = 0; i < 32; i++) (r[i], r[i + 32]) = (lower[i], upper[i]);
        return r;
    }

    public static BytesScalar Load(byte* source) => Load(source, source + 32);

    public static BytesScalar LoadLower(byte* lower)
    {
        BytesScalar r = default;
        for (int i = 0; i < 32; i++) r[i] = lower[i];
        return r;
    }

    public static BytesScalar LoadNibbles(byte* lower, byte* upper)
    {
        BytesScalar r = default;
        for (int i = 0; i < 16; i++)
        {
            (r[i], r[i + 16]) = ((byte)(lower[i] & 15), (byte)(lower[i] >> 4));
            (r[i + 32], r[i + 48]) = ((byte)(upper[i] & 15), (byte)(upper[i] >> 4));
        }
        return r;
    }

    public static BytesScalar Broadcast(byte value)
    {
        BytesScalar r = default;
        for (int i = 0; i < 64; i++) r[i] = value;
        return r;
    }

    public static BytesScalar Halves(byte lower, byte upper)
    {
        BytesScalar r = default;
        for (int i = 0; i < 64; i++) r[i] = i < 32 ? lower : upper;
        return r;
    }

    public static BytesScalar Twice(ulong eightBytes)
    {
        BytesScalar r = default;
        for (int i = 0; i < 16; i++) Write(ref r, i, (byte)(eightBytes >> (8 * (i / 2))));
        return r;
    }

    public static BytesScalar WidenSigned(sbyte* sixteen)
    {
        BytesScalar r = default;
        for (int i = 0; i < 16; i++) Write(ref r, i, sixteen[i]);
        return r;
    }

    public static BytesScalar Spread(BytesScalar table, int group)
    {
        BytesScalar r = default;
        for (int i = 0; i < 32; i++) Write(ref r, i, Read(in table, (4 * group) + (i / 8)));
        return r;
    }

    public static BytesScalar Add(BytesScalar a, BytesScalar b)
    {
        for (int i = 0; i < 64; i++) a[i] += b[i];
        return a;
    }

    public static BytesScalar And(BytesScalar a, BytesScalar b)
    {
        for (int i = 0; i < 64; i++) a[i] &= b[i];
        return a;
    }

    public static BytesScalar Or(BytesScalar a, BytesScalar b)
    {
        for (int i = 0; i < 64; i++) a[i] |= b[i];
        return a;
    }

    public static BytesScalar ShiftLeft(BytesScalar a, int count)
    {
        for (int i = 0; i < 32; i++) Write(ref a, i, (short)(Read(in a, i) << count));
        return a;
    }

    public static BytesScalar ShiftRight(BytesScalar a, int count)
    {
        for (int i = 0; i < 32; i++) Write(ref a, i, (short)((ushort)Read(in a, i) >> count));
        return a;
    }

    /// <summary>The input itself: products here are signed by signed.</summary>
    public static BytesScalar Magnitude(BytesScalar a) => a;

    public static LanesScalar Dot(BytesScalar w, BytesScalar magnitude, BytesScalar x)
    {
        LanesScalar r = default;
        for (int j = 0; j < 16; j++)
        {
            int sum = 0;
            for (int i = 4 * j; i < (4 * j) + 4; i++) sum += (sbyte)w[i] * (sbyte)x[i];
            r[j] = sum;
        }
        return r;
    }

    public static LanesScalar AddScaledDot(LanesScalar sums, BytesScalar w, BytesScalar x, BytesScalar scales)
    {
        for (int j = 0; j < 16; j++)
        {
            int sum = 0;
            for (int i = 4 * j; i < (4 * j) + 4; i++) sum += w[i] * (sbyte)x[i];
            sums[j] = BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(sums[j]) + (sum * Read(in scales, 2 * j)));
        }
        return sums;
    }

    public static LanesScalar DotShorts(BytesScalar a, BytesScalar b)
    {
        LanesScalar r = default;
        for (int j = 0; j < 16; j++)
        {
            int sum = (Read(in a, 2 * j) * Read(in b, 2 * j)) + (Read(in a, (2 * j) + 1) * Read(in b, (2 * j) + 1));
            r[j] = BitConverter.Int32BitsToSingle(sum);
        }
        return r;
    }

    private static short Read(in BytesScalar bytes, int element) => (short)(bytes[2 * element] | (bytes[(2 * element) + 1] << 8));

    private static void Write(ref BytesScalar bytes, int element, short value) => (bytes[2 * element], bytes[(2 * element) + 1]) = ((byte)value, (byte)(value >> 8));
}
