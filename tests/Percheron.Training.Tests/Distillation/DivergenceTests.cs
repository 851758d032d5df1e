using Percheron.Training.Distillation;
using Percheron.Training.Tests.Support;
using Xunit;
using static TorchSharp.torch;

namespace Percheron.Training.Tests.Distillation;

public class DivergenceTests
{
    private static readonly double[] P = [0.5, 0.3, 0.2], Q = [0.2, 0.2, 0.6];

    private static double Expected(string name) => name switch
    {
        "forward-kl" => Kl(P, Q),
        "reverse-kl" => Kl(Q, P),
        "lk" => -Math.Log(P.Zip(Q, Math.Min).Sum()),
        "jsd" => 0.5 * (Kl(P, Middle()) + Kl(Q, Middle())),
        _ => P.Zip(Q, (p, q) => Math.Abs(p - q)).Sum() / 2,
    };

    [TorchTheory]
    [InlineData("forward-kl")]
    [InlineData("reverse-kl")]
    [InlineData("jsd")]
    [InlineData("tv")]
    [InlineData("lk")]
    public void Value_equals_the_sum_by_hand_and_is_zero_for_equal_laws(string name)
    {
        var divergence = Divergence.Named(name);
        using Tensor p = tensor(P).log().unsqueeze(0), q = tensor(Q).log().unsqueeze(0);
        using Tensor apart = divergence.PerRow(p, q), same = divergence.PerRow(p, p);
        Assert.Equal(Expected(name), apart.item<double>(), 1e-12);
        Assert.Equal(0, same.item<double>(), 1e-12);
    }

    // Through q = softmax(z): the derivative by logit z_k, by central differences of the value.
    [TorchTheory]
    [InlineData("forward-kl")]
    [InlineData("reverse-kl")]
    [InlineData("jsd")]
    [InlineData("tv")]
    [InlineData("lk")]
    public void Gradient_by_logits_equals_differences(string name)
    {
        var divergence = Divergence.Named(name);
        double[] logits = [.. Q.Select(q => Math.Log(q))];
        double Value(double[] z)
        {
            using Tensor p = tensor(P).log().unsqueeze(0), law = nn.functional.log_softmax(tensor(z).unsqueeze(0), -1), value = divergence.PerRow(p, law);
            return value.item<double>();
        }
        using Tensor z = tensor(logits, requires_grad: true), target = tensor(P).log().unsqueeze(0);
        using Tensor loss = divergence.PerRow(target, nn.functional.log_softmax(z.unsqueeze(0), -1)).sum();
        loss.backward();
        double[] gradient = z.grad!.data<double>().ToArray();
        for (int k = 0; k < logits.Length; k++)
        {
            double[] up = [.. logits], down = [.. logits];
            up[k] += 1e-6;
            down[k] -= 1e-6;
            Assert.Equal((Value(up) - Value(down)) / 2e-6, gradient[k], 1e-7);
        }
    }

    // For the forward divergence the derivative is known in closed form: q − p.
    [TorchFact]
    public void Forward_gradient_is_the_difference_of_the_laws()
    {
        using Tensor z = tensor(Q.Select(q => Math.Log(q)).ToArray(), requires_grad: true), target = tensor(P).log().unsqueeze(0);
        using Tensor loss = Divergence.Named("forward-kl").PerRow(target, nn.functional.log_softmax(z.unsqueeze(0), -1)).sum();
        loss.backward();
        double[] gradient = z.grad!.data<double>().ToArray();
        for (int k = 0; k < P.Length; k++) Assert.Equal(Q[k] - P[k], gradient[k], 1e-12);
    }

    // By the logarithm's derivative: the same direction, longer where less is accepted.
    [TorchFact]
    public void Lk_pulls_as_total_variation_does_divided_by_the_acceptance()
    {
        float[] Gradient(string name)
        {
            using Tensor z = tensor(Q.Select(q => (float)Math.Log(q)).ToArray(), requires_grad: true), target = tensor(P).log().to(ScalarType.Float32).unsqueeze(0);
            using Tensor loss = Divergence.Named(name).PerRow(target, nn.functional.log_softmax(z.unsqueeze(0), -1)).sum();
            loss.backward();
            return z.grad!.data<float>().ToArray();
        }
        double acceptance = P.Zip(Q, Math.Min).Sum();
        foreach ((float lk, float tv) in Gradient("lk").Zip(Gradient("tv"))) Assert.Equal(tv / acceptance, lk, 1e-6);
    }

    [TorchFact]
    public void An_unknown_name_is_answered_with_the_known() =>
        Assert.Contains("forward-kl, reverse-kl, jsd, tv, lk", Assert.Throws<ArgumentException>(() => Divergence.Named("kl")).Message, StringComparison.Ordinal);

    private static double Kl(double[] a, double[] b) => a.Zip(b, (x, y) => x * Math.Log(x / y)).Sum();

    private static double[] Middle() => [.. P.Zip(Q, (p, q) => (p + q) / 2)];
}
