using System.Runtime.CompilerServices;

namespace Percheron.Kernels;

/// <summary>Sixteen products one after the other: the definition of what the vector forms compute.</summary>
[InlineArray(16)]
internal unsafe struct ProductsScalar : IProducts<ProductsScalar>
{
    private ulong _first;

    public static ProductsScalar Broadcast(uint value)
    {
        ProductsScalar r = default;
        for (int i = 0; i < 16; i++) r[i] = value;
        return r;
    }

    public static ProductsScalar Load(int* source)
    {
        ProductsScalar r = default;
        for (int i = 0; i < 16; i++) r[i] = (uint)source[i];
        return r;
    }

    public static ProductsScalar Multiply(ProductsScalar a, uint factor)
    {
        for (int i = 0; i < 16; i++) a[i] = (ulong)(uint)a[i] * factor;
        return a;
    }

    public static ProductsScalar Mix(ProductsScalar product, ProductsScalar b, ulong key)
    {
        for (int i = 0; i < 16; i++) product[i] = (product[i] >> 32) ^ b[i] ^ key;
        return product;
    }

    public static void StoreComplement(ProductsScalar value, int* target)
    {
        for (int i = 0; i < 16; i++) target[i] = (int)(~(uint)value[i] >> 8);
    }
}
