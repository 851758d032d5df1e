using Percheron.Training.Optimization;
using Percheron.Training.Tests.Support;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Percheron.Training.Tests.Optimization;

public class AdamTests
{
    [TorchFact]
    public void Follows_the_published_update()
    {
        using DisposeScope scope = NewDisposeScope();
        double x = 1, mean = 0, square = 0;
        Tensor parameter = tensor(new float[] { 1 });
        using var adam = new Adam(parameter);
        for (int step = 0; step < 5; step++)
        {
            double gradient = 0.5 - step;
            adam.Step(tensor(new[] { (float)gradient }), 0.1, step);
            mean = 0.9 * mean + 0.1 * gradient;
            square = 0.95 * square + 0.05 * gradient * gradient;
            x -= 0.1 * (mean / (1 - Math.Pow(0.9, step + 1))) / (Math.Sqrt(square / (1 - Math.Pow(0.95, step + 1))) + 1e-8);
            Assert.Equal(x, parameter.item<float>(), 1e-5);
        }
    }
}
