using TorchSharp;
using static TorchSharp.torch;

namespace Percheron.Training.Optimization;

/// <summary>
/// Muon for one matrix: momentum, then the nearest matrix with equal singular values takes its place as the update.
/// Source: Jordan et al., "Muon: An optimizer for hidden layers in neural networks" (2024).
/// </summary>
public sealed class Muon : Optimizer
{
    private const float Momentum = 0.95f, Decay = 0.05f;
    private readonly Tensor _momentum;

    /// <summary>Starts at zero momentum.</summary>
    public Muon(Tensor parameter)
        : base(parameter) => _momentum = zeros_like(parameter).detach().DetachFromDisposeScope();

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> State => [_momentum];

    /// <inheritdoc/>
    public override void Step(Tensor gradient, double rate, long step)
    {
        using DisposeScope scope = NewDisposeScope();
        _momentum.mul_(Momentum).add_(gradient);
        Tensor direction = Orthogonal(gradient.add(_momentum, alpha: Momentum));
        long rows = Parameter.shape[0], columns = Parameter.shape[1];
        Parameter.mul_(1 - rate * Decay).add_(direction, alpha: -rate * Math.Sqrt(Math.Max(1.0, (double)rows / columns)));
    }

    /// <summary>UVᵀ of the singular value decomposition, approximately: five Newton–Schulz steps of a quintic, in BF16.</summary>
    private static Tensor Orthogonal(Tensor matrix)
    {
        bool tall = matrix.shape[0] > matrix.shape[1];
        Tensor x = (tall ? matrix.t() : matrix).to(ScalarType.BFloat16);
        x = x / (x.norm() + 1e-7f);
        for (int i = 0; i < 5; i++)
        {
            Tensor a = x.mm(x.t());
            Tensor b = a.mul(-4.7750f) + a.mm(a).mul(2.0315f);
            x = x.mul(3.4445f) + b.mm(x);
        }
        return (tall ? x.t() : x).to(ScalarType.Float32);
    }
}
