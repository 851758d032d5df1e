namespace Percheron.Kernels;

/// <summary>
/// Sixteen 32-bit lanes, whatever the width of the hardware's vectors: one of 512 bits, two of 256, four of 128 or sixteen scalars.
/// </summary>
/// <remarks>
/// A kernel is written once over this type. Lane i of every implementation performs the same IEEE operations in the same order, and
/// <see cref="Sum"/> has one tree, so all implementations agree bit for bit (NaN payloads aside).
/// </remarks>
internal unsafe interface ILanes<TSelf>
    where TSelf : unmanaged, ILanes<TSelf>
{
    /// <summary>Lanes of every implementation.</summary>
    const int Count = 16;

    /// <summary>Activation rows in the widest tile that fits the registers: 4 or 2.</summary>
    static abstract int TileRows { get; }

    static abstract TSelf Zero { get; }

    static abstract TSelf Broadcast(float value);

    static abstract TSelf Load(float* source);

    /// <summary>Sixteen binary16 values, widened exactly (subnormals, infinities and NaN included).</summary>
    static abstract TSelf LoadHalf(ushort* source);

    /// <summary>As <see cref="LoadHalf"/>, of values that are known to be finite, which takes half the instructions.</summary>
    static abstract TSelf LoadFiniteHalf(ushort* source);

    /// <summary>Sixteen pairs of bfloat16 values, widened exactly: the first of each pair, and the second.</summary>
    static abstract TSelf LoadBrainPairs(byte* source, out TSelf second);

    static abstract void Store(TSelf value, float* target);

    static abstract TSelf Add(TSelf a, TSelf b);

    static abstract TSelf Subtract(TSelf a, TSelf b);

    static abstract TSelf Multiply(TSelf a, TSelf b);

    static abstract TSelf Divide(TSelf a, TSelf b);

    /// <summary>a × b + c, rounded once.</summary>
    static abstract TSelf Fma(TSelf a, TSelf b, TSelf c);

    static abstract TSelf Abs(TSelf a);

    /// <summary>Where a &gt; b <paramref name="yes"/>, elsewhere (NaN too) <paramref name="no"/>.</summary>
    static abstract TSelf WhereGreater(TSelf a, TSelf b, TSelf yes, TSelf no);

    /// <summary>Bit i is set where lane i of a &gt; lane i of b; NaN never is.</summary>
    static abstract uint Above(TSelf a, TSelf b);

    /// <summary>2^k for integral k in [−126, 127].</summary>
    static abstract TSelf PowerOfTwo(TSelf k);

    /// <summary>The larger of the lanes read as signed integers: orders non-negative floats, with NaN above infinity.</summary>
    static abstract TSelf MaxBits(TSelf a, TSelf b);

    /// <summary>The largest lane by <see cref="MaxBits"/>.</summary>
    static abstract float MaxLane(TSelf value);

    /// <summary>Lanes read as 32-bit integers, converted to the nearest float (ties to even).</summary>
    static abstract TSelf FromIntegers(TSelf integers);

    /// <summary>Lanes subtracted as 32-bit integers.</summary>
    static abstract TSelf SubtractIntegers(TSelf a, TSelf b);

    /// <summary>Rounds to the nearest integer, ties to even, and stores the low bytes; the values lie in [−127, 127].</summary>
    static abstract void StoreRoundedBytes(TSelf value, sbyte* target);

    /// <summary>Sum of the lanes: i with i + 8, then + 4, then + 2, then + 1.</summary>
    static abstract float Sum(TSelf value);
}
