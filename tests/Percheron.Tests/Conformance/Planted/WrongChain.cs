using Percheron.Decoding;
using Percheron.Models;

namespace Percheron.Tests.Conformance.Planted;

/// <summary>A chain of a draft model with a cache of its own, written down plainly, with one mistake of public code planted in it.</summary>
internal sealed class WrongChain(IModel model, WrongChain.Mistake mistake, int maxDepth = 3) : Drafter
{
    internal enum Mistake
    {
        None,
        DropsLowConfidence,
        DrawsFromAnotherLaw,
        DrawsByItsOwnNoise,
        KeepsRejectedRows,
        HoleAfterFullAcceptance,
    }

    private sealed class State(KvCache cache)
    {
        public readonly KvCache Cache = cache;
        public readonly Rows Rows = new();
        public int Read, Root;
    }

    private readonly Sampler _sampler = new();
    private readonly PositionNoise _noise = new(7);
    private readonly PerSequence<State> _states = new(_ => new State(model.NewCache()));

    protected override void Draft(Sequence sequence, TokenTree tree)
    {
        int depth = Math.Min(maxDepth, model.ContextLength - sequence.Count);
        if (depth <= 0) return;
        State state = _states[sequence];
        if (state.Cache.ScratchCount > 0) state.Cache.Commit([]);
        ReadOnlySpan<int> catchUp = sequence.Tokens[state.Read..];
        state.Rows.Reset(state.Cache);
        for (int i = 0; i < catchUp.Length; i++) state.Rows.Add(catchUp[i], i - 1, logits: i == catchUp.Length - 1);
        state.Root = catchUp.Length - 1;
        for (int at = 0, row = state.Root; ; )
        {
            model.Forward([state.Rows]);
            if (at == depth || tree.Room == 0) return;
            Distribution law = tree.RentLaw();
            _sampler.Law(state.Rows.Logits(state.Rows.Count - 1), sequence, tree, at, law);
            int token = Draw(sequence, tree, at, state.Rows, law);
            if (mistake == Mistake.DropsLowConfidence && law[token] < 0.4f) return;
            at = tree.Add(at, token, law);
            // The last token is drafted and not evaluated: after a full acceptance the cache lacks it.
            if (at == depth || tree.Room == 0) return;
            state.Rows.Reset(state.Cache);
            row = state.Rows.Add(token, row, logits: true);
        }
    }

    public override void Observe(in Step step)
    {
        if (!_states.TryGet(step.Sequence, out State? state) || state.Cache.ScratchCount == 0) return;
        int accepted = step.Acceptance.Path.Length, drafted = state.Cache.ScratchCount - state.Root - 1;
        bool full = accepted > drafted;
        int keep = mistake == Mistake.KeepsRejectedRows ? drafted : Math.Min(accepted, drafted);
        state.Cache.Commit([.. Enumerable.Range(0, state.Root + 1 + keep)]);
        state.Read = mistake == Mistake.HoleAfterFullAcceptance && full ? state.Cache.Length + 1 : state.Cache.Length;
    }

    public override void Release(Sequence sequence) => _states.Release(sequence);

    private int Draw(Sequence sequence, TokenTree tree, int at, Rows rows, Distribution law)
    {
        int position = tree.Position(at) + 1;
        if (mistake == Mistake.DrawsByItsOwnNoise) return _noise.Draw(position, law);
        if (mistake != Mistake.DrawsFromAnotherLaw) return sequence.Random.Draw(position, law);
        var sharper = new Distribution();
        _sampler.Law(rows.Logits(rows.Count - 1), sequence.Sampling with { Temperature = sequence.Sampling.Temperature / 2 }, sharper);
        return sequence.Random.Draw(position, sharper);
    }
}
