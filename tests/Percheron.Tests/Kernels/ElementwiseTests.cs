using Percheron.Kernels;
using Xunit;

namespace Percheron.Tests.Kernels;

/// <summary>The operations on elements: SiLU, SiLU · up, GELU, Add.</summary>
[Collection(nameof(Levels))]
public sealed unsafe class ElementwiseTests
{
    public static TheoryData<string> Names => [.. Operations.Keys];

    private static readonly Dictionary<string, (Apply Apply, Func<double, double, double> Exact)> Operations = new()
    {
        ["SiluMultiply"] = (SiluMultiply.Apply, (a, b) => a / (1 + Math.Exp(-a)) * b),
        ["Silu"] = ((a, _, y, n) => Silu.Apply(a, y, n), (a, _) => a / (1 + Math.Exp(-a))),
        ["Gelu.Tanh"] = ((a, _, y, n) => Gelu.Tanh(a, y, n), (a, _) => 0.5 * a * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (a + (0.044715 * a * a * a))))),
        ["Gelu.Erf"] = ((a, _, y, n) => Gelu.Erf(a, y, n), (a, _) => a * Normal(a)),
        ["Add"] = (Add.Apply, (a, b) => a + b),
    };

    private delegate void Apply(float* a, float* b, float* y, int count);

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_level_agrees_and_is_close_to_exact(string name)
    {
        (Apply apply, Func<double, double, double> exact) = Operations[name];
        (float[] a, float[] b) = (Values(1, 1003, 6), Values(2, 1003, 3));
        float[] y = Levels.Agree(() => Run(apply, a, b));
        for (int i = 0; i < y.Length; i++) Assert.Equal(exact(a[i], b[i]), y[i], 1e-6 * (1 + Math.Abs(a[i])));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Bits_depend_on_neither_length_nor_place(string name)
    {
        Apply apply = Operations[name].Apply;
        (float[] a, float[] b) = (Values(3, 50, 5), Values(4, 50, 5));
        Levels.ForEach(level =>
        {
            float[] whole = Run(apply, a, b);
            for (int start = 0; start < 18; start++)
                for (int end = start; end <= 50; end++)
                    Bits.Equal(whole.AsSpan(start, end - start), Run(apply, a[start..end], b[start..end]), level);
        });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Works_in_place_and_writes_nothing_beyond(string name)
    {
        Apply apply = Operations[name].Apply;
        (float[] a, float[] b) = (Values(5, 37, 5), Values(6, 37, 5));
        Levels.ForEach(level =>
        {
            float[] expected = Run(apply, a, b);
            using Block first = new(40 * sizeof(float), 4), second = Block.Of(b);
            a.CopyTo(new Span<float>(first.Floats, 37));
            apply(first.Floats, second.Floats, first.Floats, 37);
            Bits.Equal(expected, first.ToArray(37), level);
            Assert.All(new ReadOnlySpan<int>(first.Floats + 37, 3).ToArray(), v => Assert.Equal(unchecked((int)0xA5A5A5A5), v));
        });
    }

    [Fact]
    public void Saturated_gates_are_exact()
    {
        float[] x = [100f, -100f, 0f, float.NaN];
        Levels.ForEach(_ =>
        {
            Assert.Equal([100f, 0f, 0f, float.NaN], Run(Operations["Gelu.Tanh"].Apply, x, x));
            Assert.Equal([100f, 0f, 0f, float.NaN], Run(Operations["Gelu.Erf"].Apply, x, x));
            Assert.Equal([200f, 0f, 0f, float.NaN], Run(Operations["SiluMultiply"].Apply, x, [2f, 2f, 2f, 2f]).Select(v => MathF.Abs(v) < 1e-30f ? 0 : v));
        });
    }

    [Fact]
    public void HalfGelu_is_the_rounded_function_of_the_rounded_argument()
    {
        float[] x = [.. Values(7, 700, 9), 10f, 11.0001f, -10f, -50f, 0f, float.NaN];
        float[] y = Levels.Agree(() => Run((a, _, target, n) => HalfGelu.Tanh(a, target, n), x, x));
        for (int i = 0; i < 700; i++)
        {
            double h = (double)(Half)x[i];
            Assert.Equal(Operations["Gelu.Tanh"].Exact(h, 0), y[i], 1e-6 + (Math.Abs(h) / 2048));
            Assert.Equal((float)(Half)y[i], y[i]);
        }
        Assert.Equal([10f, 11.0001f, 0f, 0f, 0f, float.NaN], y[700..]);
    }

    private static float[] Run(Apply apply, float[] a, float[] b)
    {
        using Block first = Block.Of(a, 4), second = Block.Of(b, 8), y = new(Math.Max(1, a.Length) * sizeof(float));
        apply(first.Floats, second.Floats, y.Floats, a.Length);
        return y.ToArray(a.Length);
    }

    private static float[] Values(int seed, int count, double range)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)(((random.NextDouble() * 2) - 1) * range))];
    }

    /// <summary>The normal distribution function by Simpson's rule.</summary>
    private static double Normal(double x)
    {
        const int Steps = 2000;
        double sum = 0, h = x / Steps;
        for (int i = 0; i <= Steps; i++)
        {
            double t = i * h, weight = i is 0 or Steps ? 1 : i % 2 == 1 ? 4 : 2;
            sum += weight * Math.Exp(-t * t / 2);
        }
        return 0.5 + (sum * h / 3 / Math.Sqrt(2 * Math.PI));
    }
}
