using TorchSharp;
using static TorchSharp.torch;

namespace Percheron.Training.Optimization;

/// <summary>
/// Adam for one tensor, without weight decay: embeddings and norms.
/// Source: Kingma and Ba, "Adam: A Method for Stochastic Optimization" (2015), algorithm 1.
/// </summary>
public sealed class Adam : Optimizer
{
    private const double Beta1 = 0.9, Beta2 = 0.95, Epsilon = 1e-8;
    private readonly Tensor _mean, _square;

    /// <summary>Starts at zero moments.</summary>
    public Adam(Tensor parameter)
        : base(parameter)
    {
        _mean = zeros_like(parameter).detach().DetachFromDisposeScope();
        _square = zeros_like(parameter).detach().DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> State => [_mean, _square];

    /// <inheritdoc/>
    public override void Step(Tensor gradient, double rate, long step)
    {
        using DisposeScope scope = NewDisposeScope();
        _mean.mul_(Beta1).add_(gradient, alpha: 1 - Beta1);
        _square.mul_(Beta2).addcmul_(gradient, gradient, 1 - Beta2);
        Tensor root = _square.div(1 - Math.Pow(Beta2, step + 1)).sqrt_().add_(Epsilon);
        Parameter.addcdiv_(_mean, root, -rate / (1 - Math.Pow(Beta1, step + 1)));
    }
}
