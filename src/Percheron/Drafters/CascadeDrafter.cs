using Percheron.Decoding;
using Percheron.Models;

namespace Percheron.Drafters;

/// <summary>A middle model drafts, and is itself decoded speculatively with an inner drafter: the whole loop runs once more inside <c>Draft</c>.</summary>
/// <remarks>
/// Each sequence has a child that follows it and shares its randomness, so caches and the inner drafter keep what the target confirmed. Every drafted token carries the
/// middle model's law at its place; the draft always has the same length, whatever was drawn. Near the end of the middle model's context nothing is drafted.
/// </remarks>
[Method(Source = "Cascade speculative drafting, vertical, arXiv 2312.11462 §3.1", Examples = ["cascade(suffix)", "cascade(ngram(max=3), length=6, budget=4)", "cascade(model(depth=1), length=2, budget=1)"])]
public sealed class CascadeDrafter : Drafter
{
    private sealed class State(Sequence child)
    {
        public readonly Sequence Child = child;
        public readonly List<Distribution> Laws = [];
        public TokenTree Tree = null!;
        public int At, Left, Taken;
    }

    private sealed class InnerBudget(int nodes) : BudgetPolicy
    {
        public override int Nodes(Sequence sequence) => nodes;
    }

    private readonly PerSequence<State> _states;
    private readonly IModel _middle;
    private readonly Decoder _decoder;
    private readonly int _length, _reach;
    private State[] _active = [];
    private Sequence[] _children = [];
    private int _count;

    /// <param name="middle">The middle model; the caller keeps owning it.</param>
    /// <param name="inner">Drafts for the middle model.</param>
    /// <param name="length">Tokens drafted for the target.</param>
    /// <param name="budget">Nodes the inner drafter may propose in each step of the middle model.</param>
    /// <param name="verifier">The middle model's verifier; null draws the middle model's own token at each node and accepts the child that is it, which is exact under any
    /// randomness. Behind a lossy one the drafted tokens carry no law.</param>
    /// <exception cref="ArgumentOutOfRangeException">A length below 1 or a negative budget.</exception>
    public CascadeDrafter(IModel middle, Drafter inner, int length = 4, int budget = 3, Verifier? verifier = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(budget);
        (_middle, _length, _reach) = (middle, length, length + budget + 1);
        _decoder = new Decoder(middle, inner, new Recorder(this, verifier), new DecoderOptions { Budget = new InnerBudget(budget) });
        _states = new PerSequence<State>(static parent => new State(new Sequence(parent.Tokens, new SequenceOptions { Sampling = parent.Sampling, Random = parent.Random })));
    }

    /// <inheritdoc/>
    public override IModel? Model => _middle;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The middle model and the target do not share a vocabulary.</exception>
    public override void Draft(ReadOnlySpan<DraftSlot> batch)
    {
        _count = 0;
        foreach (DraftSlot slot in batch) Begin(slot);
        while (_count > 0)
        {
            _decoder.Step(_children.AsSpan(0, _count));
            int count = 0;
            for (int i = 0; i < _count; i++)
            {
                State state = _active[i];
                Take(state);
                if (state.Left > 0 && !state.Child.Done && WorthStep(state)) (_active[count], _children[count++]) = (state, state.Child);
            }
            _count = count;
        }
    }

    /// <inheritdoc/>
    public override void Release(Sequence sequence)
    {
        if (_states.TryGet(sequence, out State? state)) _decoder.Release(state.Child);
        _states.Release(sequence);
        Array.Clear(_active);
        Array.Clear(_children);
    }

    private void Begin(DraftSlot slot)
    {
        (Sequence parent, TokenTree tree) = slot;
        if (parent.Vocab != 0 && parent.Vocab != _middle.Vocab)
            throw new ArgumentException($"the middle model knows {_middle.Vocab} tokens and the target {parent.Vocab}: a cascade needs one vocabulary");
        int wanted = Math.Min(_length, tree.Room);
        if (wanted <= 0 || parent.Count + _reach > _middle.ContextLength) return;
        State state = _states[parent];
        int behind = Math.Max(0, parent.Count - 1 - (state.Child.Cache?.Length ?? 0));
        if (!tree.WorthLevel(1, 0, tree.Count - 1) || !(tree.Plan?.WorthReading(tree.Author!, parent, behind) ?? true)) return;
        tree.CountRead(behind);
        state.Child.Follow(parent.Tokens, int.MaxValue);
        (state.Tree, state.At, state.Left, state.Taken) = (tree, 0, wanted, parent.Count);
        state.Laws.Clear();
        if (_count == _active.Length)
        {
            Array.Resize(ref _active, Math.Max(4, 2 * _count));
            Array.Resize(ref _children, _active.Length);
        }
        (_active[_count], _children[_count++]) = (state, state.Child);
    }

    private static bool WorthStep(State state) => state.Tree.WorthLevel(state.Tree.Chance(state.At), state.Tree.Depth(state.At), state.Tree.Count - 1);

    // What the child has committed in its last step becomes the draft's next nodes.
    private static void Take(State state)
    {
        ReadOnlySpan<int> fresh = state.Child.Tokens[state.Taken..];
        TokenTree tree = state.Tree;
        tree.CountForward();
        for (int i = 0; i < fresh.Length && state.Left > 0; i++, state.Left--)
        {
            // Judged by what its law claims, not by the token (methods.md P3); behind one that is left out nothing may follow.
            Distribution? law = i < state.Laws.Count ? state.Laws[i] : null;
            float claim = law is null ? float.NaN : System.Numerics.Tensors.TensorPrimitives.Max(law.Probabilities);
            if (!tree.WorthRow(tree.ChanceOf(state.At, claim, law is not null), tree.Count - 1))
            {
                state.Left = 0;
                break;
            }
            state.At = tree.Add(state.At, fresh[i], law, claim: claim);
        }
        state.Taken += fresh.Length;
        state.Laws.Clear();
    }

    private State? Active(Sequence child)
    {
        for (int i = 0; i < _count; i++)
            if (_children[i] == child) return _active[i];
        return null;
    }

    /// <summary>The middle model's verifier, which also notes the law of every token it commits.</summary>
    private sealed class Recorder(CascadeDrafter cascade, Verifier? rule) : Verifier
    {
        private int[] _path = new int[16];

        public override bool IsLossless => rule?.IsLossless ?? true;

        public override FeatureSet Features => rule?.Features ?? FeatureSet.None;

        public override Acceptance Verify(TokenTree tree, ITarget target, Sequence sequence)
        {
            Acceptance acceptance = rule is null ? Match(tree, target, sequence) : rule.Verify(tree, target, sequence);
            if (!acceptance.HasNext || !IsLossless || sequence.Sampling.Temperature == 0 || cascade.Active(sequence) is not { } state) return acceptance;
            for (int i = 0; i <= acceptance.Path.Length && i < state.Left; i++)
            {
                Distribution law = state.Tree.RentLaw();
                law.CopyFrom(target.Law(i == 0 ? 0 : acceptance.Path[i - 1]));
                state.Laws.Add(law);
            }
            return acceptance;
        }

        public override void Release(Sequence sequence) => rule?.Release(sequence);

        private Acceptance Match(TokenTree tree, ITarget target, Sequence sequence)
        {
            for (int length = 0, at = 0; ;)
            {
                int token = sequence.Random.Draw(tree.Position(at) + 1, target.Law(at));
                int child = tree.FindCandidate(at, token);
                if (child < 0) return new Acceptance(_path.AsSpan(0, length), token);
                if (length == _path.Length) Array.Resize(ref _path, 2 * length);
                _path[length++] = at = child;
            }
        }
    }
}
