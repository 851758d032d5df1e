using Percheron.Kernels;
using Xunit;

namespace Percheron.Tests.Kernels;

[Collection(nameof(Levels))]
public sealed class ActivationTests
{
    [Fact]
    public void Every_level_agrees_and_is_close_to_exact()
    {
        float[] x = [.. Enumerable.Range(0, 77).Select(i => (i - 38) / 4f)];
        Each(Activation.Relu, v => Math.Max(0, v));
        Each(Activation.Silu, v => v / (1 + Math.Exp(-v)));
        Each(Activation.Sigmoid, v => 1 / (1 + Math.Exp(-v)));
        Each(y => Activation.Add(y, x), v => 2 * v);

        void Each(SpanAction apply, Func<double, double> exact)
        {
            float[] y = Levels.Agree(() =>
            {
                float[] own = [.. x];
                apply(own);
                return own;
            });
            for (int i = 0; i < x.Length; i++) Assert.Equal(exact(x[i]), y[i], 1e-5);
        }
    }

    private delegate void SpanAction(Span<float> x);
}
