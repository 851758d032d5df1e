using Percheron.Kernels;
using Percheron.Kernels.Native;
using Xunit;

namespace Percheron.Tests.Kernels.Native;

[Collection(nameof(Levels))]
public sealed unsafe class BrainNativeTests
{
    [Fact]
    public void Machine_code_is_used_where_the_processor_has_the_instructions()
    {
        if (!NativeSupport.HasBrain) Assert.Skip("No VDPBF16PS on zmm.");
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsWindows()) Assert.Skip("No executable memory here.");
        Assert.True(BrainNative.IsAvailable);
    }

    [Fact]
    public void Sums_that_cancel_and_numbers_of_every_magnitude_give_the_same_bits()
    {
        const int Outputs = 48, Columns = 64, Rows = 26;
        Random random = new(11);
        using Block stored = new(2 * Outputs * Columns), packed = new(ProductBF16.PackedBytes(Outputs, Columns)), x = new(4 * Columns), y = new(4 * Rows * Outputs);
        using Block inputs = new(Rows * ActivationsBF16.RowBytes(Columns));
        for (int i = 0; i < Outputs * Columns; i++) ((ushort*)stored.Bytes)[i] = Any(random);
        for (int t = 0; t < Rows; t++)
        {
            for (int c = 0; c < Columns; c++) x.Floats[c] = HalfConversion.BrainToSingle(Any(random));
            // A row that takes back what it has just added.
            for (int c = 1; t % 2 == 0 && c < Columns; c += 2) x.Floats[c] = -x.Floats[c - 1];
            ActivationsBF16.Quantize(x.Floats, Columns, inputs.Bytes + (t * ActivationsBF16.RowBytes(Columns)));
        }
        for (int o = 0; o < Outputs; o += 3)
            for (int c = 1; c < Columns; c += 2) ((ushort*)stored.Bytes)[(o * Columns) + c] = ((ushort*)stored.Bytes)[(o * Columns) + c - 1];
        ProductBF16.Pack(stored.Bytes, Outputs, Columns, packed.Bytes);
        float[] values = Levels.Agree(() =>
        {
            ProductBF16.Multiply(packed.Bytes, inputs.Bytes, Rows, Columns, 0, Outputs, y.Floats, Outputs);
            return y.ToArray(Rows * Outputs);
        });
        Assert.Contains(values, v => v == 0);
        Assert.All(values, v => Assert.True(v == 0 || float.IsNormal(v)));
    }

    // Signs, zeros, subnormal numbers, and magnitudes from 2^-127 to 2^40.
    private static ushort Any(Random random) => (ushort)((random.Next(2) << 15) | (random.Next(random.Next(3) == 0 ? 0 : 60, 168) << 7) | random.Next(128));
}
