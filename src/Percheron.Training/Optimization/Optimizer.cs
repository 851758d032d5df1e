using static TorchSharp.torch;

namespace Percheron.Training.Optimization;

/// <summary>The update rule of one parameter and the state it carries from step to step.</summary>
public abstract class Optimizer(Tensor parameter) : IDisposable
{
    /// <summary>The tensor this rule changes; not owned.</summary>
    public Tensor Parameter { get; } = parameter;

    /// <summary>Everything a checkpoint must keep, in a fixed order; owned by the rule.</summary>
    public abstract IReadOnlyList<Tensor> State { get; }

    /// <summary>Changes the parameter by its gradient; call it where gradients are not recorded.</summary>
    public abstract void Step(Tensor gradient, double rate, long step);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor tensor in State) tensor.Dispose();
        GC.SuppressFinalize(this);
    }
}
