using System.Runtime.CompilerServices;

namespace Percheron.Kernels;

/// <summary>Four columns of each of sixteen outputs one after the other: the definition of what the vector forms compute. Partial sums are 32-bit, one for each output.</summary>
[InlineArray(16)]
internal unsafe struct GroupBytesScalar : IGroupBytes<GroupBytesScalar, LanesScalar>
{
    private int _first;

    public static GroupBytesScalar Zero => default;

    public static GroupBytesScalar Load(byte* source)
    {
        GroupBytesScalar r = default;
        for (int i = 0; i < 16; i++) r[i] = ((int*)source)[i];
        return r;
    }

    public static GroupBytesScalar Broadcast(byte value)
    {
        GroupBytesScalar r = default;
        for (int i = 0; i < 16; i++) r[i] = value * 0x01010101;
        return r;
    }

    public static GroupBytesScalar BroadcastFour(byte* source)
    {
        GroupBytesScalar r = default;
        for (int i = 0; i < 16; i++) r[i] = *(int*)source;
        return r;
    }

    public static GroupBytesScalar And(GroupBytesScalar a, GroupBytesScalar b)
    {
        for (int i = 0; i < 16; i++) a[i] &= b[i];
        return a;
    }

    public static GroupBytesScalar Or(GroupBytesScalar a, GroupBytesScalar b)
    {
        for (int i = 0; i < 16; i++) a[i] |= b[i];
        return a;
    }

    public static GroupBytesScalar ShiftLeft(GroupBytesScalar a, int count)
    {
        for (int i = 0; i < 16; i++) a[i] <<= count;
        return a;
    }

    public static GroupBytesScalar ShiftRight(GroupBytesScalar a, int count)
    {
        for (int i = 0; i < 16; i++) a[i] >>>= count;
        return a;
    }

    public static GroupBytesScalar AddProducts(GroupBytesScalar partial, GroupBytesScalar w, GroupBytesScalar x)
    {
        for (int i = 0; i < 16; i++)
            for (int shift = 0; shift < 32; shift += 8) partial[i] += (byte)(w[i] >> shift) * (sbyte)(x[i] >> shift);
        return partial;
    }

    public static LanesScalar AddScaled(LanesScalar sums, GroupBytesScalar partial, GroupBytesScalar scales)
    {
        for (int i = 0; i < 16; i++) sums[i] = Add(sums[i], partial[i] * (short)scales[i]);
        return sums;
    }

    public static LanesScalar AddShorts(LanesScalar sums, GroupBytesScalar a, GroupBytesScalar b)
    {
        for (int i = 0; i < 16; i++) sums[i] = Add(sums[i], ((short)a[i] * (short)b[i]) + ((a[i] >> 16) * (b[i] >> 16)));
        return sums;
    }

    public static GroupBytesScalar Twice(GroupBytesScalar bytes)
    {
        for (int i = 0; i < 16; i++) bytes[i] = Join((byte)bytes[i], (byte)bytes[i]);
        return bytes;
    }

    public static GroupBytesScalar TwiceSigned(GroupBytesScalar bytes)
    {
        for (int i = 0; i < 16; i++) bytes[i] = Join((sbyte)bytes[i], (sbyte)bytes[i]);
        return bytes;
    }

    public static GroupBytesScalar Pair(GroupBytesScalar bytes)
    {
        for (int i = 0; i < 16; i++) bytes[i] = Join((byte)bytes[i], (byte)(bytes[i] >> 8));
        return bytes;
    }

    public static GroupBytesScalar PairTimes32(GroupBytesScalar bytes)
    {
        for (int i = 0; i < 16; i++) bytes[i] = Join((sbyte)bytes[i] * 32, (sbyte)(bytes[i] >> 8) * 32);
        return bytes;
    }

    private static int Join(int low, int high) => (low & 0xFFFF) | (high << 16);

    private static float Add(float sum, int term) => BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(sum) + term);
}
