using static TorchSharp.torch;

namespace Percheron.Training.Nets;

/// <summary>The heads of blockwise decoding for training: guess k is W(h + D ReLU(U h)). Fresh ones answer as the target itself does.</summary>
public sealed class BlockwiseNet : GuessNet
{
    /// <param name="target">What it borrows.</param>
    /// <param name="heads">Guesses.</param>
    /// <param name="inner">Floats between U and D.</param>
    /// <param name="seed">Of U.</param>
    public BlockwiseNet(TargetHead target, int heads, int inner, ulong seed)
        : this(target, heads)
    {
        using var generator = new Generator(seed);
        for (int head = 0; head < heads; head++)
        {
            AddLayer($"head.{head}.up.0", inner, Width, 0.02, generator);
            AddLayer($"head.{head}.down.0", Width, inner, 0, generator);
        }
    }

    private BlockwiseNet(TargetHead target, int heads)
        : base(target, heads)
    {
    }

    /// <inheritdoc/>
    public override BlockwiseNet Replica()
    {
        var replica = new BlockwiseNet(Target, Guesses);
        replica.Share(this);
        return replica;
    }

    /// <inheritdoc/>
    public override IEnumerable<Tensor> Logits(Tensor state, Tensor tokens)
    {
        for (int head = 0; head < Guesses; head++) yield return Logits(state, head);
    }

    /// <summary>Logits of guess <paramref name="head"/> alone, as <see cref="Logits(Tensor, Tensor)"/> gives them.</summary>
    public Tensor Logits(Tensor state, int head)
    {
        Tensor h = state.narrow(1, 0, state.shape[1] - 1 - head);
        return Target.Logits(h + Linear(this, nn.functional.relu(Linear(this, h, $"head.{head}.up.0")), $"head.{head}.down.0"));
    }
}
