using Percheron.Training.Nets;
using Percheron.Training.Runs;
using static TorchSharp.torch;

namespace Percheron.Training.Tests.Support;

/// <summary>The least network a drafter could have: one matrix on the target's last state, a scale that nothing touches, a frozen table.</summary>
internal sealed class TinyHead : Net
{
    public TinyHead(TargetHead target, ulong seed)
        : base(ScalarType.Float32)
    {
        Target = target;
        int width = target.Shape.Width;
        Fresh([("table.weight", width, width), ("mix.weight", width, width), ("untouched.weight", width, 0)], seed, _ => 0.02);
    }

    private TinyHead(TinyHead original)
        : base(original.Compute)
    {
        Target = original.Target;
        Share(original);
    }

    public TargetHead Target { get; }

    public override TinyHead Replica() => new(this);

    public override TensorUpdate UpdateOf(string name) => name switch
    {
        "table.weight" => new TensorUpdate(UpdateRule.Frozen),
        "mix.weight" => new TensorUpdate(UpdateRule.Muon, Factor: 2),
        _ => base.UpdateOf(name),
    };

    /// <summary>Logits [rows, vocab] for the token after next, of last states [rows, width].</summary>
    public Tensor Logits(Tensor state) => Target.Logits(state + nn.functional.linear(nn.functional.linear(state, Weight("table")), Weight("mix")));

    /// <summary>Cross-entropy of the token after next.</summary>
    public sealed class Objective(int lastState) : IObjective<TinyHead>
    {
        public Tensor Loss(TinyHead net, Batch batch)
        {
            Tensor state = batch.State(lastState).narrow(1, 0, batch.Time - 1).reshape(-1, net.Target.Shape.Width);
            return nn.functional.cross_entropy(net.Logits(state), batch.Rows.narrow(1, 2, batch.Time - 1).reshape(-1));
        }
    }
}
