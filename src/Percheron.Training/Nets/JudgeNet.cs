using static TorchSharp.torch;

namespace Percheron.Training.Nets;

/// <summary>A logistic regression on the target's last state at a token: whether the token is right where it stands.</summary>
public sealed class JudgeNet : Net
{
    /// <summary>A judge that knows nothing.</summary>
    /// <param name="width">Floats of a state.</param>
    public JudgeNet(int width)
        : this()
    {
        using IDisposable fixedValues = no_grad();
        Add("judge.weight", zeros(1, width));
        Add("judge.bias", zeros(1));
    }

    private JudgeNet()
        : base(ScalarType.Float32) { }

    /// <inheritdoc/>
    public override JudgeNet Replica()
    {
        var replica = new JudgeNet();
        replica.Share(this);
        return replica;
    }

    /// <inheritdoc/>
    public override TensorUpdate UpdateOf(string name) => new(UpdateRule.Adam);

    /// <summary>Logarithm of the odds [...] that tokens are right, of states FP32 [..., width].</summary>
    public Tensor Odds(Tensor state) => (state * Tensors["judge.weight"].squeeze(0)).sum(-1) + Tensors["judge.bias"];
}
