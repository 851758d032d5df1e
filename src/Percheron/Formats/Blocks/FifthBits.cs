using System.Runtime.Intrinsics;

namespace Percheron.Formats.Blocks;

/// <summary>The fifth bits of <see cref="Q5_0"/> and <see cref="Q5_1"/>: 32 bits, bit i belongs to element i.</summary>
internal static class FifthBits
{
    /// <summary>16 in each lane whose bit is set, for the sixteen elements from <paramref name="offset"/>'s two bytes.</summary>
    public static Vector128<byte> Spread(ReadOnlySpan<byte> block, int offset)
    {
        // Lanes 0-7 repeat the first byte, lanes 8-15 the second; each lane keeps its own bit.
        Vector128<byte> bytes = Vector128.Create(Vector64.Create(block[offset]), Vector64.Create(block[offset + 1]));
        Vector128<byte> own = Vector128.Create(0x8040_2010_0804_0201UL).AsByte();
        return Vector128.Equals(bytes & own, own) & Vector128.Create((byte)16);
    }
}
