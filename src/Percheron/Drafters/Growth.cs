using Percheron.Decoding;
using Percheron.Models;

namespace Percheron.Drafters;

/// <summary>
/// What a model-based drafter keeps for one sequence: its cache, and the tree that is being grown with the scratch row, score and place in the proposal of every node.
/// </summary>
/// <param name="cache">The draft's cache, or an overlay of the target's.</param>
/// <param name="overlay">Whether the committed rows are the target's.</param>
/// <param name="guesses">Rows evaluated before their nodes exist; null for none.</param>
internal sealed class Growth(KvCache cache, bool overlay = false, Guesses? guesses = null) : IDisposable
{
    private readonly TokenTree _own = new();
    private int[] _rowOf = new int[16], _nodeOf = new int[16], _takenAs = new int[16], _order = new int[16], _frontier = [], _kept = new int[16];
    private float[] _score = new float[16], _keys = new float[16], _confidence = new float[16], _mark = new float[16], _survival = new float[16];
    private TokenTree _proposal = null!;
    private int _contextLength, _levelStart, _revision, _frontierCount, _rootRow, _known, _drafted, _before;
    private bool _pending, _free;

    /// <summary>Confidence of a node that is not to be expanded.</summary>
    public const float Leaf = -1;

    public KvCache Cache { get; } = cache;

    /// <summary>Whether rows below the root are read again once they are committed: they were read with guesses of more than their tokens.</summary>
    public bool Rereads { get; init; }

    /// <summary>What is handed over to the target, so that it goes on with the rows of an overlay; null for nothing. A cache that is no overlay itself, but has one, fills it.</summary>
    public StartedRows? Started { get; init; }

    public Rows Rows { get; private set; } = new();

    /// <summary>Rows evaluated before their nodes exist, if any.</summary>
    public Guesses? Guesses => guesses;

    public Sequence Sequence { get; private set; } = null!;

    /// <summary>The tree that grows: the proposal itself, or one of its own from which the best nodes are taken at the end.</summary>
    public TokenTree Tree { get; private set; } = null!;

    /// <summary>Whether the tree is one of its own.</summary>
    public bool OwnsTree => Tree == _own;

    /// <summary>How many more nodes the draft model's context can evaluate.</summary>
    public int Capacity { get; private set; }

    /// <summary>Rows that are left in the draft model's context when the tree is as large as it may become.</summary>
    public int Spare => _contextLength - Cache.Length - Cache.ScratchCount - Rows.Count - Tree.Count - Tree.Room;

    /// <summary>Committed tokens the cache lacks, the root included.</summary>
    public int CatchUp => Sequence.Count - Cache.Length;

    /// <summary>Levels to grow at most.</summary>
    public int Levels { get; private set; }

    /// <summary>Nodes to evaluate next, the most promising first.</summary>
    public ReadOnlySpan<int> Frontier => _frontier.AsSpan(0, _frontierCount);

    /// <summary>Starts over for a step; what the cache knows of tokens that have been taken back is dropped.</summary>
    /// <param name="slot">The sequence and the tree to fill.</param>
    /// <param name="contextLength">Rows the cache may hold.</param>
    /// <param name="levels">Levels to grow at most.</param>
    /// <param name="ownNodes">Nodes to grow in a tree of its own; 0 grows the proposal itself.</param>
    /// <param name="free">Whether levels below the first one cost nothing.</param>
    public void Begin(DraftSlot slot, int contextLength, int levels, int ownNodes, bool free = false)
    {
        (Levels, _drafted, _before, _free) = (levels, 0, slot.Tree.Count, free);
        (Sequence, _proposal, Tree) = (slot.Sequence, slot.Tree, slot.Tree);
        if (Cache.ScratchCount > 0) Cache.Commit([]);
        int known = Math.Min(Sequence.Unchanged(_revision), Sequence.Count - 1);
        if (Cache.Length > known && !overlay) Cache.Truncate(known);
        _revision = Sequence.Revision;
        _contextLength = contextLength;
        Capacity = contextLength - Sequence.Count;
        guesses?.Begin();
        if (ownNodes > 0)
        {
            Tree = _own;
            _own.Reset(slot.Tree.Token(0), slot.Tree.RootPosition, ownNodes, slot.Tree.Plan, slot.Tree.Author);
        }
        (_rowOf[0], _nodeOf[0], _score[0], _confidence[0], _mark[0], _frontierCount, _known, _pending) = (-1, 0, 0, 1, 0, 0, 0, false);
    }

    /// <summary>Asks for the next committed tokens the cache lacks, without answers, to be committed at once.</summary>
    public void FillChunk(int rows)
    {
        Rows.Reset(Cache);
        ReadOnlySpan<int> tokens = Sequence.Tokens.Slice(Cache.Length, rows);
        for (int i = 0; i < rows; i++) Rows.Add(tokens[i], i - 1, logits: false);
    }

    /// <summary>Commits the rows of <see cref="FillChunk"/>.</summary>
    public void CommitChunk()
    {
        _proposal.CountRead(Rows.Count);
        Keep(Rows.Count, []);
    }

    /// <summary>Asks for the rest of the committed tokens; the last of them is the root.</summary>
    public void FillRoot()
    {
        OpenForward();
        Started?.Clear();
        ReadOnlySpan<int> tokens = Sequence.Tokens[Cache.Length..];
        for (int i = 0; i < tokens.Length; i++) Rows.Add(tokens[i], i - 1, logits: i == tokens.Length - 1);
        _proposal.CountForward(tokens.Length - 1);
        _rowOf[0] = _rootRow = tokens.Length - 1;
        _pending = true;
        SetFrontier(1)[0] = 0;
    }

    /// <summary>Asks for the answers at the frontier, as far as they are not there; no row is added where all are.</summary>
    public void FillFrontier()
    {
        OpenForward();
        foreach (int node in Frontier)
        {
            int known = KnownRow(node);
            _rowOf[node] = known >= 0 ? known : Rows.Add(Tree.Token(node), _rowOf[Tree.Parent(node)], logits: true);
        }
        if (Rows.Count > 0 && !_free) _proposal.CountForward();
        Capacity -= _frontierCount;
    }

    /// <summary>The row of frontier node number <paramref name="index"/> among those that are about to be evaluated; −1 if it was evaluated before.</summary>
    public int RowInForward(int index) => Math.Max(-1, _rowOf[_frontier[index]] - Rows.FirstScratch);

    /// <summary>The draft model's answer at frontier node number <paramref name="index"/> [vocab].</summary>
    public ReadOnlySpan<float> Logits(int index) => guesses is null ? Rows.Logits(Rows.Count - _frontierCount + index) : guesses.Logits(_rowOf[_frontier[index]]);

    /// <summary>The rows asked for last are answered, and nodes added from here on are one level.</summary>
    public void BeginLevel()
    {
        if (Started?.Overlay == Cache) Started.Keep(Rows);
        _levelStart = Tree.Count;
    }

    /// <summary>Adds a node; returns it.</summary>
    /// <param name="parent">Its parent.</param>
    /// <param name="token">Its token.</param>
    /// <param name="law">How it was drawn.</param>
    /// <param name="score">How promising its path is.</param>
    /// <param name="confidence">How likely its path is to hold, for <see cref="NextFrontier"/>; <see cref="Leaf"/> if it is not to be expanded.</param>
    /// <param name="claim">How likely it is once its parent holds.</param>
    public int Add(int parent, int token, Distribution? law, float score, float confidence, float claim)
    {
        int node = Tree.Add(parent, token, law, claim: claim);
        Grow(node);
        (_rowOf[node], _nodeOf[node], _score[node], _confidence[node], _mark[node]) = (-1, node, score, confidence, 0);
        return node;
    }

    /// <summary>How promising the path to a node is; higher is better, comparable within one tree.</summary>
    public float Score(int node) => _score[node];

    /// <summary>How likely the path to a node is to hold, as its drafter sees it; 1 at the root.</summary>
    public float Confidence(int node) => _confidence[node];

    /// <summary>What the shape keeps of a node; 0 until it keeps something.</summary>
    public ref float Mark(int node) => ref _mark[node];

    /// <summary>What the policy of the draft's length keeps of a node.</summary>
    public ref float Survival(int node) => ref _survival[node];

    /// <summary>The scratch row of a node that was evaluated.</summary>
    public int Row(int node) => _rowOf[node];

    /// <summary>Keeps a node from being expanded.</summary>
    public void End(int node) => _confidence[node] = Leaf;

    /// <summary>Makes the best nodes of the level just grown the frontier, as far as the context reaches; those of less than <paramref name="confidence"/> are not expanded.</summary>
    public void NextFrontier(int width, float confidence) => Choose(_levelStart, width, confidence, float.NegativeInfinity);

    /// <summary>Makes the best nodes of all levels that were not expanded yet the frontier, if they score above <paramref name="above"/>.</summary>
    public void BestFrontier(int width, float confidence, float above) => Choose(1, width, confidence, above);

    /// <summary>Score of the worst node that the proposal would hold if it were taken now; −∞ while there is room for all.</summary>
    public float WorstTaken()
    {
        int nodes = Tree.Count - 1, room = Math.Min(_proposal.Room, Tree.Room + nodes);
        if (nodes <= room) return float.NegativeInfinity;
        Sort(nodes);
        return -_keys[room - 1];
    }

    /// <summary>Tokens of the proposal that would be accepted if it were taken now, as the draft sees it.</summary>
    public float ExpectedTaken()
    {
        int nodes = Tree.Count - 1, count = Math.Min(_proposal.Room, nodes);
        Sort(nodes);
        float sum = 0;
        for (int i = 0; i < count; i++) sum += Tree.Chance(_order[i]);
        return sum;
    }

    /// <summary>Ends the growth: takes the best nodes into the proposal if they grew in a tree of its own.</summary>
    public void Publish()
    {
        if (OwnsTree) Take(Worthy());
        _known = _proposal.Count;
        for (int node = 1; node < _known; node++) _drafted = Math.Max(_drafted, _proposal.Depth(node));
        // Nodes that somebody else has added are no rows of this overlay.
        if (Started is null || _before > 1) return;
        _proposal.HandOver(Started, _rootRow);
        for (int node = 1; node < _known; node++) _proposal.HandOver(node, _rowOf[_nodeOf[node]]);
    }

    /// <summary>
    /// Commits what the target has confirmed of the rows that were evaluated for the draft, so that no row is evaluated twice. Returns the length of the longest path that was
    /// proposed, 0 if none was.
    /// </summary>
    public int Observe(in Step step)
    {
        (int drafted, _drafted) = (_drafted, 0);
        if (!_pending) return drafted;
        _pending = false;
        Keep(step.Acceptance.HasNext ? _rootRow + 1 : _rootRow, Rereads ? [] : step.Acceptance.Path);
        return drafted;
    }

    /// <summary>Drops what was evaluated for the draft.</summary>
    public void Drop()
    {
        _pending = false;
        if (Cache.ScratchCount > 0) Cache.Commit([]);
    }

    public void Dispose() => Cache.Dispose();

    private void Keep(int chain, ReadOnlySpan<int> path)
    {
        if (_kept.Length < chain + path.Length) _kept = new int[2 * (chain + path.Length)];
        for (int i = 0; i < chain; i++) _kept[i] = i;
        int count = chain;
        foreach (int node in path)
        {
            int row = node < _known ? _rowOf[_nodeOf[node]] : -1;
            if (row < 0) break;
            _kept[count++] = row;
        }
        Cache.Commit(_kept.AsSpan(0, count));
    }

    private void Choose(int from, int width, float confidence, float above)
    {
        Span<int> best = SetFrontier(Math.Min(width, Math.Max(Capacity, 0)));
        int count = 0;
        for (int node = from; node < Tree.Count; node++)
        {
            if (_confidence[node] < confidence || _rowOf[node] >= 0 || !(_score[node] > above)) continue;
            int at = count < best.Length ? count++ : best.Length;
            for (; at > 0 && _score[best[at - 1]] < _score[node]; at--)
                if (at < best.Length) best[at] = best[at - 1];
            if (at < best.Length) best[at] = node;
        }
        _frontierCount = count;
        if (count > 0 && !_free && !AllKnown() && !WorthLevel()) _frontierCount = 0;
    }

    private void OpenForward()
    {
        if (guesses is null) Rows.Reset(Cache, Started?.Overlay == Cache ? Started.Features : null);
        else Rows = guesses.NextForward(Cache);
    }

    private int KnownRow(int node) => guesses?.Find(_rowOf[Tree.Parent(node)], Tree.Token(node)) ?? -1;

    // What was guessed costs no forward, so that there is nothing to weigh.
    private bool AllKnown()
    {
        if (guesses is null) return false;
        foreach (int node in Frontier)
            if (KnownRow(node) < 0) return false;
        return true;
    }

    private bool WorthLevel()
    {
        float chance = 0;
        foreach (int node in Frontier) chance += Tree.Chance(node);
        // Of a tree apart only some nodes become rows.
        return Tree.WorthLevel(chance, Tree.Depth(_frontier[0]), OwnsTree && Tree.Plan is not null ? Worthy() : Tree.Count - 1);
    }

    // How many of the best nodes are worth their rows; they are fixed, so they may be judged now.
    private int Worthy()
    {
        int count = Math.Min(_proposal.Room, _own.Count - 1), worthy = 0;
        Sort(_own.Count - 1);
        while (worthy < count && _own.WorthRow(_own.Chance(_order[worthy]), worthy)) worthy++;
        return worthy;
    }

    // A parent scores above its children, so the best nodes hang together.
    private void Take(int count)
    {
        Span<int> best = _order.AsSpan(0, count);
        best.Sort();
        foreach (int node in best)
        {
            int taken = _proposal.Add(_takenAs[_own.Parent(node)], _own.Token(node), _own.Law(node), claim: _own.Claim(node));
            Grow(taken);
            (_takenAs[node], _nodeOf[taken]) = (taken, node);
        }
    }

    // The first nodes in the order of their scores, best first; the keys are the scores, negated.
    private void Sort(int nodes)
    {
        for (int i = 0; i < nodes; i++) (_order[i], _keys[i]) = (i + 1, -_score[i + 1]);
        _keys.AsSpan(0, nodes).Sort(_order.AsSpan(0, nodes));
    }

    private Span<int> SetFrontier(int count)
    {
        if (_frontier.Length < count) _frontier = new int[count];
        _frontierCount = count;
        return _frontier.AsSpan(0, count);
    }

    private void Grow(int node)
    {
        if (node < _rowOf.Length) return;
        int size = 2 * node;
        Array.Resize(ref _rowOf, size);
        Array.Resize(ref _nodeOf, size);
        Array.Resize(ref _takenAs, size);
        Array.Resize(ref _order, size);
        Array.Resize(ref _confidence, size);
        Array.Resize(ref _mark, size);
        Array.Resize(ref _survival, size);
        Array.Resize(ref _score, size);
        Array.Resize(ref _keys, size);
    }
}
