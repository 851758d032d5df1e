using System.Runtime.CompilerServices;

namespace Percheron.Kernels;

/// <summary>
/// 256 weights d · s · q − m · t: halves d and m, eight 6-bit pairs (s, t) for 32 weights each in 12 bytes, 128 bytes of nibbles q; each 32 bytes hold sub-block 2i in
/// their low and 2i + 1 in their high nibbles.
/// </summary>
/// <remarks>Vector i pairs sub-blocks that lie 64 weights apart: low nibbles of 64 bytes are sub-blocks 4i and 4i + 2, high nibbles 4i + 1 and 4i + 3.</remarks>
internal readonly unsafe struct SuperBlockQ4_K<TLanes, TBytes> : ISuperBlock<SuperBlockQ4_K<TLanes, TBytes>, TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
    where TBytes : unmanaged, IBytes64<TBytes, TLanes>
{
    private readonly TBytes _q0, _q1, _q2, _q3, _s0, _s1, _s2, _s3, _minimums;
    private readonly float _scale, _minimumScale;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private SuperBlockQ4_K(byte* source)
    {
        _scale = HalfConversion.ToSingle(*(ushort*)source);
        _minimumScale = -HalfConversion.ToSingle(*(ushort*)(source + 2));
        uint a = *(uint*)(source + 4), b = *(uint*)(source + 8), c = *(uint*)(source + 12);
        ulong s = Join(a & 0x3F3F3F3F, (c & 0x0F0F0F0F) | ((a >> 2) & 0x30303030));

        // Scales in the order of the vectors: 0 2, 1 3, 4 6, 5 7, each twice.
        _minimums = TBytes.Twice(Join(b & 0x3F3F3F3F, ((c >> 4) & 0x0F0F0F0F) | ((b >> 2) & 0x30303030)));
        TBytes table = TBytes.Twice((s & 0xFF0000FFFF0000FF) | ((s & 0x0000FF000000FF00) << 8) | ((s >> 8) & 0x0000FF000000FF00));
        (_s0, _s1, _s2, _s3) = (TBytes.Spread(table, 0), TBytes.Spread(table, 1), TBytes.Spread(table, 2), TBytes.Spread(table, 3));

        TBytes low = TBytes.Broadcast(15), v = TBytes.Load(source + 16, source + 48);
        (_q0, _q1) = (TBytes.And(v, low), TBytes.And(TBytes.ShiftRight(v, 4), low));
        v = TBytes.Load(source + 80, source + 112);
        (_q2, _q3) = (TBytes.And(v, low), TBytes.And(TBytes.ShiftRight(v, 4), low));
    }

    public static int Bytes => 144;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static SuperBlockQ4_K<TLanes, TBytes> Unpack(byte* source) => new(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Step(TLanes sum, byte* quants, byte* sums, float scale)
    {
        TLanes dot = TBytes.AddScaledDot(TLanes.Zero, _q0, TBytes.Load(quants, quants + 64), _s0);
        dot = TBytes.AddScaledDot(dot, _q1, TBytes.Load(quants + 32, quants + 96), _s1);
        dot = TBytes.AddScaledDot(dot, _q2, TBytes.Load(quants + 128, quants + 192), _s2);
        dot = TBytes.AddScaledDot(dot, _q3, TBytes.Load(quants + 160, quants + 224), _s3);
        TBytes sixteens = TBytes.LoadLower(sums);
        sum = TLanes.Fma(TLanes.FromIntegers(dot), TLanes.Broadcast(_scale * scale), sum);
        return TLanes.Fma(TLanes.FromIntegers(TBytes.DotShorts(sixteens, _minimums)), TLanes.Broadcast(_minimumScale * scale), sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Join(uint low, uint high) => low | ((ulong)high << 32);
}
