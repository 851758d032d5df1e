namespace Percheron.Drafters;

/// <summary>What followed each n-gram of one length, with counts: up to four successors, the rarest giving way to a new one.</summary>
/// <remarks>Keys are 64-bit hashes. Two n-grams that share one would share a guess, which the target refuses.</remarks>
internal sealed class NgramCounts
{
    private const int Kept = 4;

    private struct Entry
    {
        public ulong Key;
        public Successors Next;
    }

    [System.Runtime.CompilerServices.InlineArray(Kept)]
    private struct Successors
    {
        private (int Token, int Count) _first;
    }

    // A power of two, at most half full; key 0 is free.
    private Entry[] _entries = new Entry[64];
    private int _used;

    /// <summary>Counts one more <paramref name="token"/> behind <paramref name="gram"/>.</summary>
    public void Add(ReadOnlySpan<int> gram, int token)
    {
        if (2 * _used >= _entries.Length) Grow();
        ulong key = Key(gram);
        ref Entry entry = ref _entries[Find(key)];
        if (entry.Key == 0) (entry.Key, _used) = (key, _used + 1);
        Span<(int Token, int Count)> next = entry.Next;
        int at = 0;
        while (at < Kept - 1 && next[at].Count > 0 && next[at].Token != token) at++;
        next[at] = next[at].Count > 0 && next[at].Token == token ? (token, next[at].Count + 1) : (token, 1);
        // Equal counts: the latest stands first.
        for (; at > 0 && next[at].Count >= next[at - 1].Count; at--) (next[at], next[at - 1]) = (next[at - 1], next[at]);
    }

    /// <summary>The successor seen most often behind <paramref name="gram"/>, the latest among equals, and its share of those counted; −1 if there is none.</summary>
    public int Most(ReadOnlySpan<int> gram, out float share)
    {
        ReadOnlySpan<(int Token, int Count)> next = _entries[Find(Key(gram))].Next;
        int sum = 0;
        foreach ((_, int count) in next) sum += count;
        share = sum == 0 ? 0 : (float)next[0].Count / sum;
        return sum == 0 ? -1 : next[0].Token;
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        Array.Clear(_entries);
        _used = 0;
    }

    private static ulong Key(ReadOnlySpan<int> gram)
    {
        ulong key = (ulong)gram.Length;
        foreach (int token in gram)
        {
            key = (key ^ (uint)token) * 0x9E3779B97F4A7C15;
            key ^= key >> 29;
        }
        return key | 1;
    }

    private int Find(ulong key)
    {
        int mask = _entries.Length - 1, slot = (int)(key >> 32) & mask;
        while (_entries[slot].Key != 0 && _entries[slot].Key != key) slot = (slot + 1) & mask;
        return slot;
    }

    private void Grow()
    {
        Entry[] old = _entries;
        _entries = new Entry[2 * old.Length];
        foreach (Entry entry in old)
            if (entry.Key != 0) _entries[Find(entry.Key)] = entry;
    }
}
