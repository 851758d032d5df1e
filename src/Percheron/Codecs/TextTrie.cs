namespace Percheron.Codecs;

/// <summary>Texts with a number each, walked one UTF-16 unit at a time; edges are kept in one open-addressed table.</summary>
internal sealed class TextTrie
{
    public const int Root = 0;
    private ulong[] _keys = new ulong[64];
    private int[] _children = new int[64];
    private int _edges;
    private readonly List<int> _values = [-1];

    /// <summary>Adds a text; where it is there already, the first number stays.</summary>
    public void TryAdd(ReadOnlySpan<char> text, int value)
    {
        int node = Root;
        foreach (char c in text)
        {
            int child = Step(node, c);
            if (child < 0)
            {
                child = _values.Count;
                _values.Add(-1);
                Link(node, c, child);
            }
            node = child;
        }
        if (_values[node] < 0) _values[node] = value;
    }

    /// <summary>The node reached from <paramref name="node"/> by <paramref name="c"/>, or −1.</summary>
    public int Step(int node, char c)
    {
        ulong key = Key(node, c);
        int mask = _keys.Length - 1;
        for (int at = Slot(key, mask); _keys[at] != 0; at = (at + 1) & mask)
            if (_keys[at] == key) return _children[at];
        return -1;
    }

    /// <summary>The number of the text that ends at a node, or −1.</summary>
    public int Value(int node) => _values[node];

    /// <summary>The longest text that <paramref name="text"/> begins with: its number, or −1, and its length.</summary>
    public int Longest(ReadOnlySpan<char> text, out int length)
    {
        int best = -1;
        length = 0;
        int node = Root;
        for (int i = 0; i < text.Length && (node = Step(node, text[i])) >= 0; i++)
        {
            if (_values[node] < 0) continue;
            best = _values[node];
            length = i + 1;
        }
        return best;
    }

    private static ulong Key(int node, char c) => 1ul << 63 | (ulong)(uint)node << 16 | c;

    private static int Slot(ulong key, int mask)
    {
        ulong hash = key * 0x9E3779B97F4A7C15;
        return (int)(hash ^ hash >> 32) & mask;
    }

    private void Link(int node, char c, int child)
    {
        if (_edges * 2 >= _keys.Length) Grow();
        Place(Key(node, c), child);
        _edges++;
    }

    private void Place(ulong key, int child)
    {
        int mask = _keys.Length - 1;
        int at = Slot(key, mask);
        while (_keys[at] != 0) at = (at + 1) & mask;
        (_keys[at], _children[at]) = (key, child);
    }

    private void Grow()
    {
        (ulong[] keys, int[] children) = (_keys, _children);
        (_keys, _children) = (new ulong[keys.Length * 2], new int[keys.Length * 2]);
        for (int i = 0; i < keys.Length; i++)
            if (keys[i] != 0) Place(keys[i], children[i]);
    }
}
