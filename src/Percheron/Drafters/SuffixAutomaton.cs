using System.Runtime.CompilerServices;

namespace Percheron.Drafters;

/// <summary>
/// The suffix automaton of a growing text of tokens, or of several that grow in turn, with the number and the latest end of the occurrences of every state's strings. Adding a
/// token costs amortized constant time (but see <see cref="Append(int)"/>); memory is at most two states and three edges for each token.
/// </summary>
/// <remarks>
/// A state stands for all substrings that end at the same positions; its suffix link leads to the longest suffix that also ends elsewhere. So the link of the
/// state of the whole text is the longest suffix that has occurred before: no cursor has to be kept.
/// Source: Blumer et al. 1985; SAM decoding, arXiv 2411.10666 §3.1.
/// </remarks>
internal sealed class SuffixAutomaton
{
    // Links followed to count one more occurrence. Only a periodic text has longer chains, and there every suffix goes on in the same way.
    private const int LongestWalk = 64;

    private struct State
    {
        public int Length, Link, FirstEdge, Count, LastEnd;
    }

    private struct Edge
    {
        public int From, Token, To, Next;
    }

    private State[] _states = new State[64];
    private Edge[] _edges = new Edge[64];
    // Edges by (from, token); index + 1, 0 is free. A power of two, at most half full.
    private int[] _slots = new int[256];
    private int _stateCount, _edgeCount;

    public SuffixAutomaton() => Clear();

    /// <summary>Number of tokens added.</summary>
    public int Length { get; private set; }

    /// <summary>Memory held, in bytes.</summary>
    public long Bytes => ((long)_states.Length * Unsafe.SizeOf<State>()) + ((long)_edges.Length * Unsafe.SizeOf<Edge>()) + ((long)_slots.Length * sizeof(int));

    /// <summary>The state of the whole text.</summary>
    public int Whole { get; private set; }

    /// <summary>Forgets the text.</summary>
    public void Clear()
    {
        Array.Clear(_slots);
        (_stateCount, _edgeCount, Length) = (0, 0, 0);
        Whole = NewState(0, -1);
    }

    /// <summary>Length of the longest string of a state; its strings are the suffixes of that longer than the longest of <see cref="Link"/>.</summary>
    public int LengthOf(int state) => _states[state].Length;

    /// <summary>The state of the longest suffix that also ends elsewhere; −1 for the empty string's state, which is 0.</summary>
    public int Link(int state) => _states[state].Link;

    /// <summary>How often the strings of a state occur.</summary>
    public int Occurrences(int state) => _states[state].Count;

    /// <summary>Where they ended last.</summary>
    public int LastEnd(int state) => _states[state].LastEnd;

    /// <summary>The state after one more token, or −1 where that has not occurred.</summary>
    public int Next(int state, int token) => _slots[Find(state, token)] is > 0 and var edge ? _edges[edge - 1].To : -1;

    /// <summary>The first of the edges of a state, newest first, or −1.</summary>
    public int FirstEdge(int state) => _states[state].FirstEdge;

    /// <summary>The next edge of the same state, or −1.</summary>
    public int NextEdge(int edge) => _edges[edge].Next;

    /// <summary>What an edge reads, and where it leads.</summary>
    public (int Token, int To) Follow(int edge) => (_edges[edge].Token, _edges[edge].To);

    /// <summary>
    /// Adds a token to the text. Counts are brought up to date along the suffix links, at most 64 of them from the longest suffix down: in periodic text the counts of short
    /// suffixes stay too small.
    /// </summary>
    public void Append(int token) => Whole = Append(Whole, token);

    /// <summary>Adds a token to one of several texts; returns the state of that whole text.</summary>
    /// <param name="whole">The state of that text so far; 0 begins a text. It stays good whatever is added to others.</param>
    /// <param name="token">The token.</param>
    public int Append(int whole, int token)
    {
        int current = _slots[Find(whole, token)] is > 0 and var known ? Known(whole, token, _edges[known - 1].To) : New(whole, token);
        for (int i = 0, at = current; i < LongestWalk && at > 0; i++, at = _states[at].Link)
        {
            _states[at].Count++;
            _states[at].LastEnd = Length;
        }
        Length++;
        return current;
    }

    /// <summary>Reads a token that is not added: moves to the longest suffix of what was read that occurs.</summary>
    /// <param name="place">The state.</param>
    /// <param name="match">Length of the suffix.</param>
    /// <param name="token">The token.</param>
    public void Read(ref int place, ref int match, int token)
    {
        int next;
        while ((next = Next(place, token)) < 0 && place > 0) match = _states[place = _states[place].Link].Length;
        if (next >= 0) (place, match) = (next, match + 1);
    }

    private int New(int whole, int token)
    {
        int current = NewState(_states[whole].Length + 1, 0), state = whole;
        for (; state >= 0 && _slots[Find(state, token)] == 0; state = _states[state].Link) AddEdge(state, token, current);
        if (state >= 0)
        {
            // Splitting may move the states to a larger array, so it comes before the place to write to is taken.
            int link = Known(state, token, _edges[_slots[Find(state, token)] - 1].To);
            _states[current].Link = link;
        }
        return current;
    }

    // The state whose longest string is that of state and token, which leads to another.
    private int Known(int state, int token, int to) => _states[to].Length == _states[state].Length + 1 ? to : Split(state, token, to);

    // Gives the strings of a state that are no longer than state + token a state of their own.
    private int Split(int state, int token, int whole)
    {
        int part = NewState(_states[state].Length + 1, _states[whole].Link);
        (_states[part].Count, _states[part].LastEnd) = (_states[whole].Count, _states[whole].LastEnd);
        CopyEdges(_states[whole].FirstEdge, part);
        for (; state >= 0 && _slots[Find(state, token)] is > 0 and var edge && _edges[edge - 1].To == whole; state = _states[state].Link) _edges[edge - 1].To = part;
        _states[whole].Link = part;
        return part;
    }

    // In the same order: the oldest is added first.
    private void CopyEdges(int first, int to)
    {
        int count = 0;
        for (int edge = first; edge >= 0; edge = _edges[edge].Next) count++;
        int added = _edgeCount;
        for (int edge = first, i = 0; edge >= 0; edge = _edges[edge].Next, i++) AddEdge(to, _edges[edge].Token, _edges[edge].To);
        // AddEdge puts each one first, so they now stand in reverse: turn the chain round.
        for (int i = 0; i < count; i++) _edges[added + i].Next = i + 1 < count ? added + i + 1 : -1;
        _states[to].FirstEdge = count > 0 ? added : -1;
    }

    private int NewState(int length, int link)
    {
        if (_stateCount == _states.Length) Array.Resize(ref _states, 2 * _stateCount);
        _states[_stateCount] = new State { Length = length, Link = link, FirstEdge = -1 };
        return _stateCount++;
    }

    private void AddEdge(int from, int token, int to)
    {
        if (_edgeCount == _edges.Length) Array.Resize(ref _edges, 2 * _edgeCount);
        if (2 * _edgeCount >= _slots.Length) Rehash();
        _edges[_edgeCount] = new Edge { From = from, Token = token, To = to, Next = _states[from].FirstEdge };
        _states[from].FirstEdge = _edgeCount;
        _slots[Find(from, token)] = ++_edgeCount;
    }

    private int Find(int from, int token)
    {
        uint hash = ((uint)from * 0x9E3779B1) ^ ((uint)token * 0x85EBCA6B);
        hash = (hash ^ hash >> 15) * 0x2C1B3C6D;
        int mask = _slots.Length - 1, slot = (int)(hash ^ hash >> 13) & mask;
        while (_slots[slot] is > 0 and var edge && (_edges[edge - 1].From != from || _edges[edge - 1].Token != token)) slot = (slot + 1) & mask;
        return slot;
    }

    private void Rehash()
    {
        _slots = new int[2 * _slots.Length];
        for (int edge = 0; edge < _edgeCount; edge++) _slots[Find(_edges[edge].From, _edges[edge].Token)] = edge + 1;
    }
}
