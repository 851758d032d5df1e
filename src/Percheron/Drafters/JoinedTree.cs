using Percheron.Decoding;

namespace Percheron.Drafters;

/// <summary>What is kept for one sequence whose proposal is made of several: a tree for each member, the tree they are joined in, and which node of it each of theirs has become.</summary>
/// <param name="members">Who propose.</param>
internal sealed class JoinedTree(Drafter[] members)
{
    private readonly TokenTree[] _parts = [.. members.Select(_ => new TokenTree())];
    private readonly PlanBehind[] _plans = [.. members.Select(_ => new PlanBehind())];
    private readonly int[][] _became = [.. members.Select(_ => new int[16])];
    // The nodes that have become one, member by member: first of each node of the whole, then the next of each; a source is a member and its node.
    private int[] _firstSource = new int[16], _nextSource = new int[16], _member = new int[16], _node = new int[16], _path = new int[16];
    private TokenTree? _whole, _growing;
    private int _count, _sources, _last;

    /// <summary>Starts over for a step.</summary>
    public void Begin(TokenTree whole)
    {
        (_whole, _growing) = (null, whole);
        foreach (TokenTree part in _parts) part.Reset(whole.Token(0), whole.RootPosition, 0);
    }

    /// <summary>The tree a member is to fill, with its share of what the members before it have left; null if there is no room.</summary>
    public TokenTree? Open(int member)
    {
        int used = 0, left = members.Length - member;
        for (int before = 0; before < member; before++) used += _parts[before].Count - 1;
        int budget = (_growing!.Room - used + left - 1) / left;
        if (budget <= 0) return null;
        TreePlan? plan = _growing.Plan is { } behind ? _plans[member].Set(behind, used) : null;
        _parts[member].Reset(_growing.Token(0), _growing.RootPosition, budget, plan, members[member]);
        return _parts[member];
    }

    /// <summary>A member's proposal; null where this step has none.</summary>
    public TokenTree? Part(int member) => _whole is null ? null : _parts[member];

    /// <summary>Joins what was proposed, from the root down.</summary>
    public void Join()
    {
        TokenTree whole = _growing!;
        (_sources, _last) = (0, -1);
        foreach (TokenTree part in _parts)
            if (part.Started is { } started && whole.Started is null) whole.HandOver(started, part.StartedRow(0));
        for (int member = 0; member < members.Length; member++) Become(0, member, 0);
        for (int node = 0; node < whole.Count; node++) Extend(whole, node);
        Account(whole);
        (_whole, _count) = (whole, whole.Count);
    }

    /// <summary>Whether a tree still is what was joined for this step.</summary>
    public bool Has(TokenTree tree)
    {
        if (tree != _whole || tree.Count != _count) return false;
        for (int source = 0; source < _sources; source++)
        {
            TokenTree part = _parts[_member[source]];
            if (part.Token(_node[source]) != tree.Token(_became[_member[source]][_node[source]])) return false;
        }
        return true;
    }

    /// <summary>Shows a member the step as that of its own proposal.</summary>
    public void Show(in Step step, int member)
    {
        TokenTree part = _parts[member];
        int[] became = _became[member];
        ReadOnlySpan<int> accepted = step.Acceptance.Path;
        if (_path.Length < accepted.Length) _path = new int[2 * accepted.Length];
        int length = 0;
        for (int at = 0; length < accepted.Length; _path[length++] = at)
        {
            int child = part.FirstCandidate(at);
            while (child >= 0 && became[child] != accepted[length]) child = part.NextCandidate(child);
            if (child < 0) break;
            at = child;
        }
        Acceptance own = !step.Acceptance.HasNext ? Acceptance.None
            : new Acceptance(_path.AsSpan(0, length), length < accepted.Length ? step.Tree.Token(accepted[length]) : step.Acceptance.Next);
        members[member].Observe(step.Within(part, became.AsSpan(0, part.Count), own));
    }

    /// <summary>The step is over.</summary>
    public void End() => _whole = null;

    // One source's candidates keep their order and their tags: the first that has drawn any. All others are fixed here, and come after it.
    private void Extend(TokenTree whole, int node)
    {
        int drawing = -1;
        for (int source = _firstSource[node]; source >= 0 && drawing < 0; source = _nextSource[source])
            if (Draws(_parts[_member[source]], _node[source])) drawing = source;
        if (drawing >= 0) Take(whole, node, drawing, drawn: true);
        for (int source = _firstSource[node]; source >= 0; source = _nextSource[source])
            if (source != drawing) Take(whole, node, source, drawn: false);
        for (int source = _firstSource[node]; source >= 0; source = _nextSource[source]) TakeProbes(whole, node, source);
    }

    private static bool Draws(TokenTree part, int node)
    {
        for (int child = part.FirstCandidate(node); child >= 0; child = part.NextCandidate(child))
            if (part.Law(child) is not null) return true;
        return false;
    }

    private void Take(TokenTree whole, int node, int source, bool drawn)
    {
        (int member, TokenTree part) = (_member[source], _parts[_member[source]]);
        whole.Author = members[member];
        for (int child = part.FirstCandidate(_node[source]); child >= 0; child = part.NextCandidate(child))
        {
            // What was drawn must stand even where it stands already: leaving it out would depend on its token. Laws live as long as the parts, that is as long as the whole.
            Distribution? law = part.Law(child);
            int there = drawn ? -1 : whole.FindCandidate(node, part.Token(child));
            if (there < 0) there = drawn ? whole.Add(node, part.Token(child), law, claim: part.Claim(child)) : whole.Add(node, part.Token(child), claim: law?[part.Token(child)] ?? part.Claim(child));
            Become(there, member, child);
        }
    }

    private void TakeProbes(TokenTree whole, int node, int source)
    {
        (int member, TokenTree part) = (_member[source], _parts[_member[source]]);
        if (part.Candidates == part.Count - 1) return;
        whole.Author = members[member];
        for (int child = _node[source] + 1; child < part.Count; child++)
            if (part.IsProbe(child) && part.Parent(child) == _node[source]) Become(whole.AddFrom(node, part, child, null), member, child);
    }

    private void Become(int whole, int member, int node)
    {
        if (_sources == _member.Length)
        {
            Array.Resize(ref _member, 2 * _sources);
            Array.Resize(ref _node, 2 * _sources);
            Array.Resize(ref _nextSource, 2 * _sources);
        }
        if (whole >= _firstSource.Length) Array.Resize(ref _firstSource, 2 * whole);
        if (_became[member].Length <= node) Array.Resize(ref _became[member], 2 * node);
        int source = _sources++;
        (_member[source], _node[source], _nextSource[source], _became[member][node]) = (member, node, -1, whole);
        // One member's view may have begun the node.
        if (_parts[member].Started is { } started && started == _growing!.Started && _parts[member].StartedRow(node) >= 0) _growing.HandOver(whole, _parts[member].StartedRow(node));
        // Behind the other sources of the node, in the order of the members.
        ref int link = ref _firstSource[whole];
        if (whole > _last) (link, _last) = (-1, whole);
        while (link >= 0) link = ref _nextSource[link];
        link = source;
    }

    // What drafting has cost is the whole's now, and goes to a member that has a model.
    private void Account(TokenTree whole)
    {
        Drafter? author = null;
        for (int member = 0; member < members.Length; member++)
        {
            TokenTree part = _parts[member];
            for (int i = 0; i < part.Forwards; i++) whole.CountForward();
            whole.CountRead(part.RowsRead);
            if (part.Forwards > 0 || (author is null && part.Count > 1)) author = members[member];
        }
        whole.Author = author ?? members[0];
    }
}
