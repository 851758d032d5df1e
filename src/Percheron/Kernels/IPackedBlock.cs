using System.Runtime.Intrinsics;

namespace Percheron.Kernels;

/// <summary>
/// A block of 8 weight rows × 32 columns, packed: [8 half scales][quants]. Quants come in 8 chunks; chunk c holds columns 4c … 4c + 3 of the rows one after the other,
/// 4 bytes a row, as unsigned numbers <see cref="Offset"/> above the weight.
/// </summary>
internal interface IPackedBlock
{
    /// <summary>Bytes of a packed block: those of the eight blocks it is made from.</summary>
    static abstract int Bytes { get; }

    /// <summary>What a stored quant is above its weight.</summary>
    static abstract byte Offset { get; }

    /// <summary>Bytes of quants in one row's block as the file stores it, behind the half scale.</summary>
    static abstract int StoredQuants { get; }

    /// <summary>Difference of a stored quant byte to the packed one, as exclusive or.</summary>
    static abstract byte Flip { get; }

    /// <summary>Two chunks, sixteen columns apart: the one at <paramref name="quants"/> and the fourth behind it.</summary>
    static abstract unsafe (Vector256<byte> Lower, Vector256<byte> Upper) Chunks(byte* quants);
}
