using Percheron.Decoding;
using Percheron.Models;
using Percheron.Models.Heads;

namespace Percheron.Drafters;

/// <summary>
/// Trees from what the target says in rows of learned inputs: each step evaluates a chain of them as probes, and grows its candidates from the answers of the step before.
/// </summary>
/// <remarks>
/// The k-th input behind a node stands where the k-th token behind it will stand, so it answers about the one after that; the next token itself is the target's own answer. Answers are laws of
/// what is to come, known before anything is drawn from them.
/// </remarks>
/// <param name="inputs">The learned inputs.</param>
/// <param name="grower">Grows with <see cref="MaskAnswers"/>.</param>
/// <param name="everywhere">Whether all candidates get probes, so that there are fresh answers whatever is accepted; else only the root does.</param>
internal sealed class MaskDrafts(ExtraInputs inputs, LevelGrower grower, bool everywhere)
{
    private sealed class State(KvCache target) : IDisposable
    {
        public Growth Growth { get; } = new(new MaskAnswers.Cache(target), overlay: true);

        // Candidates only, numbered as they are in the proposal, behind whose last candidate the probes stand.
        public TokenTree Tree { get; } = new();

        // First probe of each node, and how many it has.
        public int[] First { get; set; } = new int[16];

        public int[] Count { get; set; } = new int[16];

        public int Nodes { get; set; }

        public MaskAnswers.Cache Answers => (MaskAnswers.Cache)Growth.Cache;

        public void Dispose() => Growth.Dispose();
    }

    private readonly PerSequence<State> _states = new(sequence => new State(sequence.Cache!));

    /// <summary>Drafts for a batch; a sequence that the target has not begun gets nothing.</summary>
    public void Draft(ReadOnlySpan<DraftSlot> batch)
    {
        grower.Begin();
        foreach (DraftSlot slot in batch)
        {
            if (slot.Sequence.Cache is not { } cache) continue;
            State state = _states[slot.Sequence];
            int probes = Probes(slot.Tree.Room), candidates = everywhere ? (slot.Tree.Room - probes) / (probes + 1) : slot.Tree.Room - probes;
            int known = cache.Length == slot.Sequence.Count - 1 ? state.Answers.Known(slot.Sequence.Count) : 0;
            state.Tree.Reset(slot.Tree.Token(0), slot.Tree.RootPosition, candidates, slot.Tree.Plan, slot.Tree.Author);
            if (probes > 0 && known > 0) grower.Join(new DraftSlot(slot.Sequence, state.Tree), state.Growth, known);
        }
        grower.Grow();
        foreach (DraftSlot slot in batch)
        {
            if (!_states.TryGet(slot.Sequence, out State? state)) continue;
            state.Growth.Drop();
            Propose(slot.Tree, state);
        }
    }

    /// <summary>Learns how a proposal came out, and what the target says of the tokens behind the next one.</summary>
    public void Observe(in Step step)
    {
        if (!_states.TryGet(step.Sequence, out State? state)) return;
        grower.Observe(step, state.Growth);
        ReadOnlySpan<int> path = step.Acceptance.Path;
        int end = everywhere && path.Length > 0 ? path[^1] : 0, nodes = state.Nodes;
        state.Nodes = 0;
        state.Answers.Begin(step.Tree.Position(end) + 2);
        // A round that commits nothing keeps not even the token behind the root.
        if (!step.HasLogits || !step.Acceptance.HasNext || end >= nodes) return;
        for (int k = 0; k < state.Count[end]; k++) state.Answers.Tell(step.Logits(state.First[end] + k));
    }

    /// <summary>Frees what is kept for a sequence.</summary>
    public void Release(Sequence sequence)
    {
        _states.Release(sequence);
        grower.Release(sequence);
    }

    // Probes of a node: as many as leave room for a candidate for each answer.
    private int Probes(int room)
    {
        int probes = inputs.Count;
        while (probes > 0 && (everywhere ? (room - probes) / (probes + 1) : room - probes) < probes) probes--;
        return probes;
    }

    private void Propose(TokenTree tree, State state)
    {
        int probes = Probes(tree.Room), nodes = state.Tree.Count;
        if (state.First.Length < nodes) (state.First, state.Count) = (new int[2 * nodes], new int[2 * nodes]);
        // The laws live as long as the tree they were rented from: until the next step.
        for (int node = 1; node < nodes; node++) tree.AddFrom(state.Tree.Parent(node), state.Tree, node, state.Tree.Law(node));
        state.Nodes = everywhere ? nodes : 1;
        for (int node = 0; node < state.Nodes; node++)
        {
            (state.First[node], state.Count[node]) = (tree.Count, 0);
            for (int k = 0, at = node; k < probes && tree.Room > 0 && IsWorth(tree, node, k); k++, state.Count[node]++) at = tree.AddProbe(at, inputs.First + k);
        }
    }

    // An answer behind a candidate is of use if its path is accepted, and then as often as answers so far ahead are right.
    private static bool IsWorth(TokenTree tree, int node, int ahead) =>
        node == 0 || tree.Plan is null || tree.WorthRow(tree.Chance(node) * tree.Odds(float.NaN, drawn: false, ahead + 1, 0), tree.Count - 1);
}
