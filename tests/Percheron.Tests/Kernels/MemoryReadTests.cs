using Percheron.Kernels;
using Xunit;

namespace Percheron.Tests.Kernels;

public sealed unsafe class MemoryReadTests
{
    [Fact]
    public void EveryWordIsRead()
    {
        ulong[] words = GC.AllocateUninitializedArray<ulong>(64 * 5, pinned: true);
        for (int at = 0; at < words.Length; at++)
        {
            Array.Clear(words);
            words[at] = 0x123456789ABCDEF0;
            fixed (ulong* data = words) Assert.Equal(words[at], MemoryRead.Fold((byte*)data, words.Length * sizeof(ulong)));
        }
    }
}
