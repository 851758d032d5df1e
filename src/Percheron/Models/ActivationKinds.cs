namespace Percheron.Models;

/// <summary>The forms of an activation row that matrix products read.</summary>
[Flags]
internal enum ActivationKinds
{
    None = 0,

    /// <summary>F32, for float weights and for block types that are decoded on the way.</summary>
    Single = 1,

    /// <summary>Bytes in blocks of 32, for Q8_0 and Q4_0.</summary>
    Q8 = 2,

    /// <summary>Bytes in blocks of 256, for Q4_K and Q6_K.</summary>
    Q8K = 4,

    /// <summary>Rounded to bfloat16, for such weights.</summary>
    BF16 = 8,
}
