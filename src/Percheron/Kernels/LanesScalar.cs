using System.Runtime.CompilerServices;

namespace Percheron.Kernels;

/// <summary>Sixteen lanes one after the other: the definition of what the vector forms compute.</summary>
[InlineArray(16)]
internal unsafe struct LanesScalar : ILanes<LanesScalar>
{
    private float _first;

    public static int TileRows => 2;

    public static LanesScalar Zero => default;

    public static LanesScalar Broadcast(float value)
    {
        LanesScalar r = default;
        for (int i = 0; i < 16; i++) r[i] = value;
        return r;
    }

    public static LanesScalar Load(float* source)
    {
        LanesScalar r = default;
        for (int i = 0; i < 16; i++) r[i] = source[i];
        return r;
    }

    public static LanesScalar LoadHalf(ushort* source)
    {
        LanesScalar r = default;
        for (int i = 0; i < 16; i++) r[i] = HalfConversion.ToSingle(source[i]);
        return r;
    }

    public static LanesScalar LoadFiniteHalf(ushort* source) => LoadHalf(source);

    public static LanesScalar LoadBrainPairs(byte* source, out LanesScalar second)
    {
        LanesScalar first = default;
        second = default;
        for (int i = 0; i < 16; i++)
        {
            int pair = ((int*)source)[i];
            (first[i], second[i]) = (BitConverter.Int32BitsToSingle(pair << 16), BitConverter.Int32BitsToSingle(pair & unchecked((int)0xFFFF0000)));
        }
        return first;
    }

    public static void Store(LanesScalar value, float* target)
    {
        for (int i = 0; i < 16; i++) target[i] = value[i];
    }

    public static LanesScalar Add(LanesScalar a, LanesScalar b)
    {
        for (int i = 0; i < 16; i++) a[i] += b[i];
        return a;
    }

    public static LanesScalar Subtract(LanesScalar a, LanesScalar b)
    {
        for (int i = 0; i < 16; i++) a[i] -= b[i];
        return a;
    }

    public static LanesScalar Multiply(LanesScalar a, LanesScalar b)
    {
        for (int i = 0; i < 16; i++) a[i] *= b[i];
        return a;
    }

    public static LanesScalar Divide(LanesScalar a, LanesScalar b)
    {
        for (int i = 0; i < 16; i++) a[i] /= b[i];
        return a;
    }

    public static LanesScalar Fma(LanesScalar a, LanesScalar b, LanesScalar c)
    {
        for (int i = 0; i < 16; i++) c[i] = MathF.FusedMultiplyAdd(a[i], b[i], c[i]);
        return c;
    }

    public static LanesScalar Abs(LanesScalar a)
    {
        for (int i = 0; i < 16; i++) a[i] = MathF.Abs(a[i]);
        return a;
    }

    public static LanesScalar WhereGreater(LanesScalar a, LanesScalar b, LanesScalar yes, LanesScalar no)
    {
        for (int i = 0; i < 16; i++) no[i] = a[i] > b[i] ? yes[i] : no[i];
        return no;
    }

    public static uint Above(LanesScalar a, LanesScalar b)
    {
        uint bits = 0;
        for (int i = 0; i < 16; i++) bits |= a[i] > b[i] ? 1u << i : 0;
        return bits;
    }

    public static LanesScalar PowerOfTwo(LanesScalar k)
    {
        for (int i = 0; i < 16; i++) k[i] = BitConverter.Int32BitsToSingle(((int)k[i] + 127) << 23);
        return k;
    }

    public static LanesScalar MaxBits(LanesScalar a, LanesScalar b)
    {
        for (int i = 0; i < 16; i++) a[i] = BitConverter.SingleToInt32Bits(a[i]) >= BitConverter.SingleToInt32Bits(b[i]) ? a[i] : b[i];
        return a;
    }

    public static float MaxLane(LanesScalar value)
    {
        int most = BitConverter.SingleToInt32Bits(value[0]);
        for (int i = 1; i < 16; i++) most = Math.Max(most, BitConverter.SingleToInt32Bits(value[i]));
        return BitConverter.Int32BitsToSingle(most);
    }

    public static LanesScalar FromIntegers(LanesScalar integers)
    {
        for (int i = 0; i < 16; i++) integers[i] = BitConverter.SingleToInt32Bits(integers[i]);
        return integers;
    }

    public static LanesScalar SubtractIntegers(LanesScalar a, LanesScalar b)
    {
        for (int i = 0; i < 16; i++)
            a[i] = BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(a[i]) - BitConverter.SingleToInt32Bits(b[i]));
        return a;
    }

    public static void StoreRoundedBytes(LanesScalar value, sbyte* target)
    {
        for (int i = 0; i < 16; i++) target[i] = (sbyte)(int)MathF.Round(value[i], MidpointRounding.ToEven);
    }

    public static float Sum(LanesScalar value)
    {
        for (int width = 8; width > 0; width >>= 1)
            for (int i = 0; i < width; i++) value[i] += value[i + width];
        return value[0];
    }
}
