using static TorchSharp.torch;

namespace Percheron.Training.Nets;

/// <summary>Medusa heads for training: guess k is W(h + SiLU(A h)), with several such blocks if wanted. W is a projection of its own, or the target's behind a small matrix.</summary>
public sealed class MedusaNet : GuessNet
{
    /// <param name="target">What it borrows.</param>
    /// <param name="heads">Guesses.</param>
    /// <param name="blocks">Blocks of each head.</param>
    /// <param name="own">Whether each head has a vocabulary projection of its own, which begins as the target's.</param>
    /// <param name="seed">Of what does not begin as zero.</param>
    public MedusaNet(TargetHead target, int heads, int blocks, bool own, ulong seed)
        : this(target, heads, blocks)
    {
        using var generator = new Generator(seed);
        using IDisposable fixedValues = no_grad();
        for (int head = 0; head < heads; head++)
        {
            for (int i = 0; i < blocks; i++) AddLayer($"head.{head}.blk.{i}", Width, Width, 0, generator);
            if (own) Add($"head.{head}.proj.weight", target.Projection.to(ScalarType.Float32).clone());
            else AddTurn($"head.{head}.proj_a", generator);
        }
    }

    private MedusaNet(TargetHead target, int heads, int blocks)
        : base(target, heads) => Blocks = blocks;

    /// <summary>Blocks of each head.</summary>
    public int Blocks { get; }

    /// <inheritdoc/>
    public override MedusaNet Replica()
    {
        var replica = new MedusaNet(Target, Guesses, Blocks);
        replica.Share(this);
        return replica;
    }

    /// <inheritdoc/>
    public override TensorUpdate UpdateOf(string name) => name.EndsWith("proj.weight", StringComparison.Ordinal) ? new TensorUpdate(UpdateRule.Adam, Factor: 0.3) : base.UpdateOf(name);

    /// <inheritdoc/>
    public override IEnumerable<Tensor> Logits(Tensor state, Tensor tokens)
    {
        for (int head = 0; head < Guesses; head++)
        {
            Tensor x = Head(this, state.narrow(1, 0, state.shape[1] - 1 - head), head, Blocks);
            yield return Tensors.ContainsKey($"head.{head}.proj.weight") ? nn.functional.linear(x.to(Compute), Weight($"head.{head}.proj")) : Project(x, $"head.{head}.proj_a");
        }
    }

    /// <summary>What one head makes of states, before the vocabulary projection.</summary>
    public static Tensor Head(Net net, Tensor state, int head, int blocks)
    {
        Tensor x = state;
        for (int i = 0; i < blocks; i++) x = Refine(net, x, $"head.{head}.blk.{i}");
        return x;
    }
}
