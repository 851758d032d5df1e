using Percheron.Decoding;

namespace Percheron.Drafters;

/// <summary>What is kept for one sequence whose drafters go on one behind the other: for each but the first a child sequence, its tree, and where that stands in the proposal.</summary>
internal sealed class Relay
{
    private readonly Leg[] _legs;

    private sealed class Leg(Sequence child)
    {
        public readonly Sequence Child = child;
        public readonly TokenTree Tree = new();
        public readonly PlanBehind Plan = new();
        public TokenTree? Whole;
        public int Start, Count;
        public int[] Became = new int[16];
    }

    /// <param name="parent">The sequence.</param>
    /// <param name="members">Number of drafters, the first included.</param>
    public Relay(Sequence parent, int members) =>
        _legs = [.. Enumerable.Range(0, members).Select(_ => new Leg(new Sequence(parent.Tokens, new SequenceOptions { Sampling = parent.Sampling, Random = parent.Random }) { Vocab = parent.Vocab }))];

    /// <summary>What a further drafter is asked for.</summary>
    public DraftSlot Slot(int member) => new(_legs[member].Child, _legs[member].Tree);

    /// <summary>A step begins: nobody has proposed anything.</summary>
    public void Begin()
    {
        foreach (Leg leg in _legs) leg.Whole = null;
    }

    /// <summary>Puts a further drafter behind the first path of the proposal; false if there is no room.</summary>
    public bool Open(DraftSlot slot, int member, Drafter drafter)
    {
        (Sequence parent, TokenTree whole) = slot;
        if (whole.Room <= 0) return false;
        Leg leg = _legs[member];
        leg.Child.Follow(parent.Tokens, int.MaxValue);
        leg.Start = 0;
        for (int node = whole.FirstCandidate(0); node >= 0; node = whole.FirstCandidate(node)) leg.Child.Append(whole.Token(leg.Start = node));
        TreePlan? plan = whole.Plan is { } behind ? leg.Plan.Set(behind, whole.Count - 1, whole.Depth(leg.Start), whole.Chance(leg.Start)) : null;
        leg.Tree.Reset(whole.Token(leg.Start), whole.Position(leg.Start), whole.Room, plan, drafter);
        leg.Whole = whole;
        whole.Author = drafter;
        return true;
    }

    /// <summary>Takes what was drafted into the proposal. Laws live as long as the leg's tree, that is as long as the proposal.</summary>
    public void Close(int member)
    {
        Leg leg = _legs[member];
        (TokenTree whole, TokenTree tree) = (leg.Whole!, leg.Tree);
        if (leg.Became.Length < tree.Count) leg.Became = new int[Math.Max(tree.Count, 2 * leg.Became.Length)];
        leg.Became[0] = leg.Start;
        for (int node = 1; node < tree.Count; node++)
            leg.Became[node] = whole.AddFrom(leg.Became[tree.Parent(node)], tree, node, tree.Law(node));
        for (int i = 0; i < tree.Forwards; i++) whole.CountForward();
        whole.CountRead(tree.RowsRead);
        leg.Count = whole.Count;
    }

    /// <summary>Shows a further drafter the step as one of its child, if the target has come as far.</summary>
    public void Show(in Step step, int member, Drafter drafter)
    {
        Leg leg = _legs[member];
        (TokenTree? whole, leg.Whole) = (leg.Whole, null);
        ReadOnlySpan<int> path = step.Acceptance.Path;
        if (whole != step.Tree || whole.Count < leg.Count || !step.Acceptance.HasNext) return;
        int behind = leg.Start == 0 ? 0 : path.IndexOf(leg.Start) + 1;
        if (leg.Start > 0 && behind == 0) return;
        // The accepted nodes behind the start are this drafter's, or those of one that went on behind it.
        Span<int> own = stackalloc int[path.Length - behind];
        int length = 0;
        for (int at = 0; behind + length < path.Length; own[length++] = at)
        {
            int child = leg.Tree.FirstCandidate(at);
            while (child >= 0 && leg.Became[child] != path[behind + length]) child = leg.Tree.NextCandidate(child);
            if (child < 0) break;
            at = child;
        }
        int next = behind + length < path.Length ? step.Tree.Token(path[behind + length]) : step.Acceptance.Next;
        leg.Child.Follow(step.Sequence.Tokens, int.MaxValue);
        drafter.Observe(step.Within(leg.Tree, leg.Became.AsSpan(0, leg.Tree.Count), new Acceptance(own[..length], next), leg.Child));
    }
}
