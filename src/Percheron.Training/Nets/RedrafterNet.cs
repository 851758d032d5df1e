using static TorchSharp.torch;

namespace Percheron.Training.Nets;

/// <summary>ReDrafter's recurrent net for training: s' = SiLU(W E(x) + U s) along the tokens since the state, and every guess is made of both.</summary>
public sealed class RedrafterNet : GuessNet
{
    private readonly int _blocks;

    /// <param name="target">What it borrows.</param>
    /// <param name="length">Guesses, the number of tokens it is unrolled over.</param>
    /// <param name="blocks">Blocks behind the layer that reads state and memory.</param>
    /// <param name="seed">Of what does not begin as zero.</param>
    public RedrafterNet(TargetHead target, int length, int blocks, ulong seed)
        : this(target, length, blocks)
    {
        using var generator = new Generator(seed);
        AddLayer("rnn_u", Width, Width, 1 / Math.Sqrt(Width), generator);
        using (no_grad()) Add("rnn_w.weight", randn([Width, Width], generator: generator).mul_(1 / Math.Sqrt(Width)));
        AddLayer("fc", Width, 2 * Width, 0, generator);
        for (int i = 0; i < blocks; i++) AddLayer($"blk.{i}", Width, Width, 0, generator);
        AddTurn("output_a", generator);
    }

    private RedrafterNet(TargetHead target, int length, int blocks)
        : base(target, length) => _blocks = blocks;

    /// <inheritdoc/>
    public override RedrafterNet Replica()
    {
        var replica = new RedrafterNet(Target, Guesses, _blocks);
        replica.Share(this);
        return replica;
    }

    /// <inheritdoc/>
    public override IEnumerable<Tensor> Logits(Tensor state, Tensor tokens)
    {
        Tensor read = Linear(this, Target.Embed(tokens), "rnn_w"), memory = zeros_like(state);
        for (int guess = 0; guess < Guesses; guess++)
        {
            long count = state.shape[1] - 1 - guess;
            memory = nn.functional.silu(read.narrow(1, 1 + guess, count) + Linear(this, memory.narrow(1, 0, count), "rnn_u"));
            Tensor h = state.narrow(1, 0, count);
            Tensor x = h + nn.functional.silu(Linear(this, cat([h, memory], -1), "fc"));
            for (int i = 0; i < _blocks; i++) x = Refine(this, x, $"blk.{i}");
            yield return Project(x, "output_a");
        }
    }
}
