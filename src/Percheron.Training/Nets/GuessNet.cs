using static TorchSharp.torch;

namespace Percheron.Training.Nets;

/// <summary>A network that guesses several tokens ahead from the target's last hidden state; vocabulary and projection are the target's, frozen, unless a network has its own.</summary>
/// <remarks>The state at position i foretells token i + 1; guess k = 0, 1 … there is for token i + 2 + k, as the runtime's head reads it in the row of token i + 1.</remarks>
public abstract class GuessNet : Net
{
    /// <summary>A network without tensors.</summary>
    protected GuessNet(TargetHead target, int guesses)
        : base(target.Projection.dtype)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(guesses, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(guesses, 16);
        (Target, Guesses) = (target, guesses);
    }

    /// <summary>What it borrows.</summary>
    public TargetHead Target { get; }

    /// <summary>How many tokens it guesses.</summary>
    public int Guesses { get; }

    /// <summary>Floats of a hidden state.</summary>
    protected long Width => Target.Shape.Width;

    /// <summary>
    /// Logits [batch, time − 1 − k, vocab] of every guess k, one after the other, in the compute type, of the positions whose guess is among the tokens.
    /// </summary>
    /// <param name="state">The target's last state, FP32 [batch, time, width].</param>
    /// <param name="tokens">Ids [batch, time + 1].</param>
    public abstract IEnumerable<Tensor> Logits(Tensor state, Tensor tokens);

    /// <summary>x + SiLU(W x + b) with the tensors <paramref name="name"/>, in FP32.</summary>
    public static Tensor Refine(Net net, Tensor x, string name) => x + nn.functional.silu(Linear(net, x, name));

    /// <summary>W x + b, in FP32; b is left out where there is none.</summary>
    public static Tensor Linear(Net net, Tensor x, string name)
    {
        Tensor y = nn.functional.linear(x.to(net.Compute), net.Weight(name)).to(ScalarType.Float32);
        return net.Tensors.TryGetValue(name + ".bias", out Tensor? bias) ? y + bias : y;
    }

    /// <summary>What <see cref="AddTurn"/> makes of x before the target's projection, and its logits in the compute type.</summary>
    protected Tensor Project(Tensor x, string name) => Target.Logits(nn.functional.linear(x.to(Compute), Weight(name)));

    /// <summary>
    /// Adds a matrix before the target's projection, small at first. Residual blocks only add to the state, and SiLU hardly goes below zero: without it they could not take back what the state
    /// says of the next token.
    /// </summary>
    protected void AddTurn(string name, Generator generator)
    {
        using IDisposable fixedValues = no_grad();
        Add(name + ".weight", randn([Width, Width], generator: generator).mul_(0.02));
    }

    /// <summary>Adds a matrix and a bias of zeros; the matrix is normal with the given deviation.</summary>
    protected void AddLayer(string name, long outputs, long inputs, double deviation, Generator generator)
    {
        using IDisposable fixedValues = no_grad();
        Add(name + ".weight", deviation == 0 ? zeros(outputs, inputs) : randn([outputs, inputs], generator: generator).mul_(deviation));
        Add(name + ".bias", zeros(outputs));
    }
}
