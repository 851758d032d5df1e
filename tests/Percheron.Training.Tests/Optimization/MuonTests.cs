using Percheron.Training.Optimization;
using Percheron.Training.Tests.Support;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Percheron.Training.Tests.Optimization;

public class MuonTests
{
    [TorchTheory]
    [InlineData(8, 24)]
    [InlineData(24, 8)]
    public void The_first_step_is_near_an_orthogonal_matrix(int rows, int columns)
    {
        using DisposeScope scope = NewDisposeScope();
        using var generator = new Generator(1);
        Tensor parameter = zeros(rows, columns), gradient = randn([rows, columns], generator: generator);
        using var muon = new Muon(parameter);
        muon.Step(gradient, rate: 1, step: 0);
        Tensor direction = parameter.neg() / Math.Sqrt(Math.Max(1.0, (double)rows / columns));
        Tensor singular = linalg.svdvals(direction);
        Assert.InRange(singular.min().item<float>(), 0.5f, 1.3f);
        Assert.InRange(singular.max().item<float>(), 0.5f, 1.3f);
        // Same singular vectors as the gradient: their product is symmetric and positive.
        Assert.True((direction.mm(gradient.t()) - gradient.mm(direction.t())).abs().max().item<float>() < 0.2f);
        Assert.True((direction * gradient).sum().item<float>() > 0);
    }
}
