using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Percheron.Kernels;

/// <summary>Reads memory as fast as a core can and does next to nothing with it: what a product of one row could reach at best.</summary>
internal static unsafe class MemoryRead
{
    /// <summary>Exclusive or of all 8-byte words.</summary>
    /// <param name="data">Aligned to 64 bytes.</param>
    /// <param name="bytes">A multiple of 512.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static ulong Fold(byte* data, long bytes)
    {
        // Four streams of two lines each: enough loads in flight for the memory, not for the latency of one chain to show.
        Vector512<ulong> a = default, b = default, c = default, d = default;
        for (byte* end = data + bytes; data < end; data += 512)
        {
            a ^= Vector512.Load((ulong*)data) ^ Vector512.Load((ulong*)(data + 64));
            b ^= Vector512.Load((ulong*)(data + 128)) ^ Vector512.Load((ulong*)(data + 192));
            c ^= Vector512.Load((ulong*)(data + 256)) ^ Vector512.Load((ulong*)(data + 320));
            d ^= Vector512.Load((ulong*)(data + 384)) ^ Vector512.Load((ulong*)(data + 448));
        }
        a ^= b ^ c ^ d;
        ulong folded = 0;
        for (int i = 0; i < Vector512<ulong>.Count; i++) folded ^= a[i];
        return folded;
    }
}
