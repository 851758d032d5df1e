namespace Percheron.Kernels;

/// <summary>
/// Tiles of a product: (weight rows × activation rows). Per output, every tile performs the same operations in the same order; tiles differ only
/// in how often a loaded weight is used.
/// </summary>
internal interface ITile
{
    /// <summary>Activation rows of the widest tile whose values fit the registers: 2, 3 or 4.</summary>
    static abstract int MaxRows { get; }

    static abstract void TwoByFour(in Product p, int o, int t);

    static abstract void TwoByThree(in Product p, int o, int t);

    static abstract void TwoByTwo(in Product p, int o, int t);

    static abstract void TwoByOne(in Product p, int o, int t);

    static abstract void OneByOne(in Product p, int o, int t);
}
