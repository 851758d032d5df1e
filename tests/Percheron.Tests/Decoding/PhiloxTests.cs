using Percheron.Decoding;
using Xunit;

namespace Percheron.Tests.Decoding;

public class PhiloxTests
{
    // Known answers of Philox4x32-10 published with the Random123 library (kat_vectors); the first two 32-bit words, low first.
    [Theory]
    [InlineData(0UL, 0UL, 0UL, 0x6627e8d5u, 0xe169c58du)]
    [InlineData(ulong.MaxValue, ulong.MaxValue, ulong.MaxValue, 0x408f276du, 0x41c83b0eu)]
    [InlineData(0x299f31d0_a4093822UL, 0x85a308d3_243f6a88UL, 0x03707344_13198a2eUL, 0xd16cfe09u, 0x94fdccebu)]
    public void Gives_the_published_numbers(ulong key, ulong low, ulong high, uint first, uint second) =>
        Assert.Equal(first | ((ulong)second << 32), Philox.Bits(key, low, high));

    [Fact]
    public void Uniform_numbers_are_never_zero_and_spread()
    {
        int[] bins = new int[16];
        for (ulong i = 0; i < 64_000; i++)
        {
            double u = Philox.Uniform(7, i, 3);
            Assert.InRange(u, double.Epsilon, 1);
            bins[Math.Min(15, (int)(u * 16))]++;
        }
        double chi = bins.Sum(b => Math.Pow(b - 4000, 2) / 4000);
        Assert.InRange(chi, 2, 45);      // 15 degrees of freedom
    }
}
