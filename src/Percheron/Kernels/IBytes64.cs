namespace Percheron.Kernels;

/// <summary>
/// Sixty-four bytes in two halves of thirty-two, whatever the width of the hardware's vectors. Integer products over them are exact, and
/// 32-bit lane j of a result covers bytes 4j … 4j+3, so every implementation agrees.
/// </summary>
internal unsafe interface IBytes64<TSelf, TLanes>
    where TSelf : unmanaged, IBytes64<TSelf, TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>32 bytes at each address.</summary>
    static abstract TSelf Load(byte* lower, byte* upper);

    /// <summary>64 bytes.</summary>
    static abstract TSelf Load(byte* source);

    /// <summary>32 bytes; the upper half is zero.</summary>
    static abstract TSelf LoadLower(byte* lower);

    /// <summary>16 bytes at each address; a half holds their low nibbles, then their high nibbles.</summary>
    static abstract TSelf LoadNibbles(byte* lower, byte* upper);

    static abstract TSelf Broadcast(byte value);

    /// <summary>One value in each half.</summary>
    static abstract TSelf Halves(byte lower, byte upper);

    /// <summary>The lower half holds each of the eight bytes (lowest first) as two equal 16-bit elements; the upper half is zero.</summary>
    static abstract TSelf Twice(ulong eightBytes);

    /// <summary>The lower half holds sixteen signed bytes as 16-bit elements; the upper half is zero.</summary>
    static abstract TSelf WidenSigned(sbyte* sixteen);

    /// <summary>All 16-bit elements of quarter q hold element 4 · <paramref name="group"/> + q of the lower half of <paramref name="table"/>; <paramref name="group"/> is a constant, 0 … 3.</summary>
    static abstract TSelf Spread(TSelf table, int group);

    static abstract TSelf Add(TSelf a, TSelf b);

    static abstract TSelf And(TSelf a, TSelf b);

    static abstract TSelf Or(TSelf a, TSelf b);

    /// <summary>Shifts 16-bit elements left; the caller masks what crosses a byte.</summary>
    static abstract TSelf ShiftLeft(TSelf a, int count);

    /// <summary>Shifts 16-bit elements right, filling with zeros; the caller masks what crosses a byte.</summary>
    static abstract TSelf ShiftRight(TSelf a, int count);

    /// <summary>|a| of signed bytes, to be read as unsigned (|−128| = 128).</summary>
    static abstract TSelf Magnitude(TSelf a);

    /// <summary>Sums of four products of signed bytes, as floats. <paramref name="x"/> lies in [−127, 127]; <paramref name="magnitude"/> is that of <paramref name="w"/>.</summary>
    static abstract TLanes Dot(TSelf w, TSelf magnitude, TSelf x);

    /// <summary>Adds to integer lanes the sums of four products of <paramref name="w"/> (0 … 63) and signed <paramref name="x"/>, times the 16-bit scale of their quarter.</summary>
    static abstract TLanes AddScaledDot(TLanes sums, TSelf w, TSelf x, TSelf scales);

    /// <summary>Integer lane j: sum of the products of the 16-bit elements 2j and 2j+1.</summary>
    static abstract TLanes DotShorts(TSelf a, TSelf b);
}
