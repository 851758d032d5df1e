using Percheron.Decoding;
using Percheron.Models;
using Percheron.Testing;

namespace Percheron.Tests.Conformance.Planted;

/// <summary>A head on the target's hidden states: the state behind the last committed row and the root's token give the next laws. The mistake is to read another row's state.</summary>
internal sealed class WrongFeatureHead(ToyModel head, bool wrongToken, int depth = 4) : Drafter
{
    private sealed class State
    {
        public float[] Hidden = [];
        public int Position = -1;
    }

    private readonly PerSequence<State> _states = new(_ => new State());

    public override FeatureSet Features { get; } = new(head.LayerCount);

    protected override void Draft(Sequence sequence, TokenTree tree)
    {
        // After the prompt's first step the head knows the row before the root; until then it declines.
        if (!_states.TryGet(sequence, out State? state) || state.Position != sequence.Count - 2) return;
        var context = new List<int> { tree.Token(0) };
        foreach (float value in state.Hidden.AsSpan(0, head.HiddenSize - 1)) if (value > 0) context.Add((int)value - 1);
        var logits = new float[head.Vocab];
        for (int at = 0; at < depth && tree.Room > 0;)
        {
            head.Logits([.. context], logits);
            int token = Sampler.ArgMax(logits);
            at = tree.Add(at, token);
            context.Insert(0, token);
        }
    }

    public override void Observe(in Step step)
    {
        if (!step.Acceptance.HasNext || step.CommittedRows == 0) return;
        int row = step.CommittedRows - 1;
        _states[step.Sequence].Hidden = step.Feature(wrongToken ? Math.Max(row - 1, 0) : row, head.LayerCount).ToArray();
        _states[step.Sequence].Position = step.FirstPosition + row;
    }

    public override void Release(Sequence sequence) => _states.Release(sequence);
}
