using static TorchSharp.torch;

namespace Percheron.Training.Nets;

/// <summary>Hydra heads for training: guess k reads the state and the embeddings of the k + 1 tokens since.</summary>
public sealed class HydraNet : GuessNet
{
    private readonly int _blocks;

    /// <param name="target">What it borrows.</param>
    /// <param name="heads">Guesses.</param>
    /// <param name="blocks">Blocks of each head behind the one that reads.</param>
    /// <param name="seed">Of what does not begin as zero.</param>
    public HydraNet(TargetHead target, int heads, int blocks, ulong seed)
        : base(target, heads)
    {
        _blocks = blocks;
        using var generator = new Generator(seed);
        for (int head = 0; head < heads; head++)
        {
            AddLayer($"head.{head}.fc", Width, (head + 2) * Width, 0, generator);
            for (int i = 0; i < blocks; i++) AddLayer($"head.{head}.blk.{i}", Width, Width, 0, generator);
            AddTurn($"head.{head}.proj_a", generator);
        }
    }

    private HydraNet(HydraNet original)
        : base(original.Target, original.Guesses)
    {
        _blocks = original._blocks;
        Share(original);
    }

    /// <inheritdoc/>
    public override HydraNet Replica() => new(this);

    /// <inheritdoc/>
    public override IEnumerable<Tensor> Logits(Tensor state, Tensor tokens)
    {
        Tensor embedded = Target.Embed(tokens);
        for (int head = 0; head < Guesses; head++)
        {
            long count = state.shape[1] - 1 - head;
            Tensor h = state.narrow(1, 0, count);
            Tensor x = h + nn.functional.silu(Linear(this, cat([h, .. Enumerable.Range(0, head + 1).Select(i => embedded.narrow(1, 1 + i, count))], -1), $"head.{head}.fc"));
            for (int i = 0; i < _blocks; i++) x = Refine(this, x, $"head.{head}.blk.{i}");
            yield return Project(x, $"head.{head}.proj_a");
        }
    }
}
