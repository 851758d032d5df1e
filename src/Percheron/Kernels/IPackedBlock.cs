using System.Runtime.Intrinsics;

namespace Percheron.Kernels;

/// <summary>
/// A pair of blocks of a group of 16 weight rows, 64 columns: [quants of the first block][quants of the second][16 half scales of the first][16 of the second]. Every chunk is
/// one aligned cache line, and a group is one stream. A chunk holds columns 4c … 4c + 3 of the rows one after the other, 4 bytes a row, as unsigned numbers
/// <see cref="Offset"/> above the weight.
/// </summary>
internal interface IPackedBlock
{
    /// <summary>Bytes of quants of 16 rows of one block, a multiple of 64.</summary>
    static abstract int QuantBytes { get; }

    /// <summary>What a stored quant is above its weight.</summary>
    static abstract byte Offset { get; }

    /// <summary>Right shift that makes −<see cref="Offset"/> · Σx of the starts of <see cref="ActivationsQ8"/>, which are −128 · Σx.</summary>
    static abstract int StartShift { get; }

    /// <summary>Difference of four stored quant bytes to the packed ones, as exclusive or.</summary>
    static abstract uint Flip { get; }

    /// <summary>Rows 0 … 7 of two chunks, sixteen columns apart: of the one at <paramref name="quants"/> and of its partner.</summary>
    static abstract unsafe (Vector256<byte> Lower, Vector256<byte> Upper) Chunks(byte* quants);
}
