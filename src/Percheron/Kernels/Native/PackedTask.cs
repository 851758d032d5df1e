using System.Runtime.InteropServices;

namespace Percheron.Kernels.Native;

/// <summary>What the machine code of a packed product reads. All fields are eight bytes; the code finds them by their order and passes over those it has no use for.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct PackedTask
{
    /// <summary>First group.</summary>
    public byte* Weights;

    /// <summary>First of the rows the code was made for.</summary>
    public byte* Activations;

    /// <summary>First output of the first group, row 0.</summary>
    public float* Outputs;

    /// <summary>Steps over the groups, at least one; each takes as many groups as the code was made for.</summary>
    public long Steps;

    /// <summary>Turns of the code's loop over the columns of a group, at least one.</summary>
    public long Turns;

    /// <summary>Bytes of a group.</summary>
    public long GroupBytes;

    /// <summary>Bytes from one row of activations to the next.</summary>
    public long RowBytes;

    /// <summary>Bytes from a row's quants to its scales.</summary>
    public long ScalesAt;

    /// <summary>Bytes from a row's quants to its starts.</summary>
    public long StartsAt;

    /// <summary>Bytes from one row of outputs to the next.</summary>
    public long OutputBytes;

    /// <summary>Where to prefetch; may lie outside any memory.</summary>
    public byte* Prefetch;

    /// <summary>Bytes to go on from there after each turn.</summary>
    public long PrefetchStep;

    /// <summary>15 in each of the low four bytes, for code that takes nibbles apart.</summary>
    public long Nibbles;
}
