using System.Runtime.CompilerServices;

namespace Percheron.Kernels;

/// <summary>
/// 256 weights d · s · (q − 32): 128 bytes of low nibbles, 64 bytes of high bit pairs, sixteen signed scales s for 16 weights each, a half d.
/// </summary>
/// <remarks>
/// In each half of 128 weights, byte l of 64 low-nibble bytes serves weights l (low) and l + 64 (high), and byte l of 32 high-bit bytes serves weights l, l + 32,
/// l + 64, l + 96 from its lowest pair up. So low nibbles of 64 bytes are 64 consecutive weights. The −32 is taken out by the sums of 16 activations.
/// </remarks>
internal readonly unsafe struct SuperBlockQ6_K<TLanes, TBytes> : ISuperBlock<SuperBlockQ6_K<TLanes, TBytes>, TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
    where TBytes : unmanaged, IBytes64<TBytes, TLanes>
{
    private readonly TBytes _q0, _q1, _q2, _q3, _s0, _s1, _s2, _s3, _offsets;
    private readonly float _scale;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private SuperBlockQ6_K(byte* source)
    {
        (_q0, _q1) = Half(source, source + 128);
        (_q2, _q3) = Half(source + 64, source + 160);
        TBytes table = TBytes.WidenSigned((sbyte*)source + 192);
        (_s0, _s1, _s2, _s3) = (TBytes.Spread(table, 0), TBytes.Spread(table, 1), TBytes.Spread(table, 2), TBytes.Spread(table, 3));
        _offsets = TBytes.ShiftLeft(table, 5);
        _scale = HalfConversion.ToSingle(*(ushort*)(source + 208));
    }

    public static int Bytes => 210;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SuperBlockQ6_K<TLanes, TBytes> Unpack(byte* source) => new(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Step(TLanes sum, byte* quants, byte* sums, float scale)
    {
        TLanes dot = TBytes.AddScaledDot(TLanes.Zero, _q0, TBytes.Load(quants), _s0);
        dot = TBytes.AddScaledDot(dot, _q1, TBytes.Load(quants + 64), _s1);
        dot = TBytes.AddScaledDot(dot, _q2, TBytes.Load(quants + 128), _s2);
        dot = TBytes.AddScaledDot(dot, _q3, TBytes.Load(quants + 192), _s3);
        TBytes sixteens = TBytes.LoadLower(sums);
        dot = TLanes.SubtractIntegers(dot, TBytes.DotShorts(sixteens, _offsets));
        return TLanes.Fma(TLanes.FromIntegers(dot), TLanes.Broadcast(_scale * scale), sum);
    }

    /// <summary>128 weights: 64 from the low nibbles, 64 from the high ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (TBytes Low, TBytes High) Half(byte* nibbles, byte* pairs)
    {
        TBytes v = TBytes.Load(nibbles), h = TBytes.Load(pairs, pairs), fifteen = TBytes.Broadcast(15);
        TBytes lower = TBytes.Halves(0x30, 0), upper = TBytes.Halves(0, 0x30);
        TBytes low = TBytes.Or(TBytes.And(TBytes.ShiftLeft(h, 4), lower), TBytes.And(TBytes.ShiftLeft(h, 2), upper));
        TBytes high = TBytes.Or(TBytes.And(h, lower), TBytes.And(TBytes.ShiftRight(h, 2), upper));
        return (TBytes.Or(TBytes.And(v, fifteen), low), TBytes.Or(TBytes.And(TBytes.ShiftRight(v, 4), fifteen), high));
    }
}
