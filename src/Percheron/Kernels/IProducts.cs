namespace Percheron.Kernels;

/// <summary>
/// Sixteen 64-bit lanes of which only the lower half counts until it is multiplied: what Philox computes with. The products' lower halves go on as they are, since a
/// multiplication ignores what stands above; only exclusive-or carries such remains along.
/// </summary>
internal unsafe interface IProducts<TSelf>
    where TSelf : unmanaged, IProducts<TSelf>
{
    static abstract TSelf Broadcast(uint value);

    /// <summary>Sixteen integers.</summary>
    static abstract TSelf Load(int* source);

    /// <summary>The 64-bit products of the lower halves with <paramref name="factor"/>.</summary>
    static abstract TSelf Multiply(TSelf a, uint factor);

    /// <summary>The upper half of <paramref name="product"/> ^ <paramref name="b"/> ^ <paramref name="key"/>, in the lower half.</summary>
    static abstract TSelf Mix(TSelf product, TSelf b, ulong key);

    /// <summary>Stores the 24 highest bits of the complement of each lower half.</summary>
    static abstract void StoreComplement(TSelf value, int* target);
}
