using Percheron.Codecs.Speech;
using Xunit;

namespace Percheron.Tests.Codecs.Speech;

public class FourierTransformTests
{
    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(64)]
    [InlineData(512)]
    public void The_spectrum_is_that_of_the_definition_and_comes_back(int size)
    {
        var transform = new FourierTransform(size);
        double[] signal = [.. Enumerable.Range(0, size).Select(i => Math.Sin(i * i * 0.7) + (0.3 * Math.Cos(i * 1.1)) + 0.2)];
        double[] re = new double[transform.Bins], im = new double[transform.Bins], back = new double[size];
        transform.Forward(signal, re, im);
        for (int k = 0; k < transform.Bins; k++)
        {
            double wantedRe = 0, wantedIm = 0;
            for (int n = 0; n < size; n++)
            {
                wantedRe += signal[n] * Math.Cos(2 * Math.PI * k * n / size);
                wantedIm -= signal[n] * Math.Sin(2 * Math.PI * k * n / size);
            }
            Assert.Equal(wantedRe, re[k], 1e-10 * size);
            Assert.Equal(wantedIm, im[k], 1e-10 * size);
        }
        transform.Inverse(re, im, back);
        for (int n = 0; n < size; n++) Assert.Equal(signal[n], back[n], 1e-12 * size);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(48)]
    public void Other_sizes_are_refused(int size) => Assert.Throws<ArgumentOutOfRangeException>(() => new FourierTransform(size));
}
