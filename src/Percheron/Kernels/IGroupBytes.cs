namespace Percheron.Kernels;

/// <summary>
/// Sixty-four bytes: four columns of each of sixteen outputs, output r in bytes 4r … 4r + 3 and in lane r of <typeparamref name="TLanes"/>. Integer results are exact, so
/// every implementation agrees.
/// </summary>
internal unsafe interface IGroupBytes<TSelf, TLanes>
    where TSelf : unmanaged, IGroupBytes<TSelf, TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    static abstract TSelf Zero { get; }

    static abstract TSelf Load(byte* source);

    static abstract TSelf Broadcast(byte value);

    /// <summary>The same four bytes for every output.</summary>
    static abstract TSelf BroadcastFour(byte* source);

    static abstract TSelf And(TSelf a, TSelf b);

    static abstract TSelf Or(TSelf a, TSelf b);

    /// <summary>Shifts 32-bit elements left; the caller masks what crosses a byte.</summary>
    static abstract TSelf ShiftLeft(TSelf a, int count);

    /// <summary>Shifts 32-bit elements right, filling with zeros; the caller masks what crosses a byte.</summary>
    static abstract TSelf ShiftRight(TSelf a, int count);

    /// <summary>
    /// Adds the products of unsigned <paramref name="w"/> and signed <paramref name="x"/> in [−127, 127] to partial sums, whose form is the implementation's own; zero is zero.
    /// They hold eight products a byte with weights up to 15, or two with weights up to 63.
    /// </summary>
    static abstract TSelf AddProducts(TSelf partial, TSelf w, TSelf x);

    /// <summary>sums[r] + scale[r] × what <paramref name="partial"/> holds for output r; <paramref name="scales"/> has each output's scale twice, as 16-bit elements.</summary>
    static abstract TLanes AddScaled(TLanes sums, TSelf partial, TSelf scales);

    /// <summary>sums[r] + the products of the 16-bit elements 2r and 2r + 1.</summary>
    static abstract TLanes AddShorts(TLanes sums, TSelf a, TSelf b);

    /// <summary>Byte 0 of each output, widened without sign, as both of its 16-bit elements.</summary>
    static abstract TSelf Twice(TSelf bytes);

    /// <summary>Byte 0 of each output, widened with its sign, as both of its 16-bit elements.</summary>
    static abstract TSelf TwiceSigned(TSelf bytes);

    /// <summary>Bytes 0 and 1 of each output, widened without sign, as its two 16-bit elements.</summary>
    static abstract TSelf Pair(TSelf bytes);

    /// <summary>Bytes 0 and 1 of each output, widened with their signs and multiplied by 32, as its two 16-bit elements.</summary>
    static abstract TSelf PairTimes32(TSelf bytes);
}
