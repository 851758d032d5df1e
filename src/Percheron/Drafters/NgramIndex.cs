namespace Percheron.Drafters;

/// <summary>
/// Where each n-gram of one length ended last in a growing text. A hash table that holds positions only: the text itself is the key, so nothing is ever confused,
/// and looking up or adding one n-gram costs O(n) whatever the length of the text.
/// </summary>
internal sealed class NgramIndex(int n)
{
    // End position + 1 of the n-gram in each slot; 0 is free. A power of two, at most half full.
    private int[] _slots = new int[64];
    private int _used;

    /// <summary>Length of the n-grams.</summary>
    public int N => n;

    /// <summary>Notes that an n-gram ends at <paramref name="end"/>; the newest occurrence replaces older ones. Does nothing where the text is too short.</summary>
    public void Add(ReadOnlySpan<int> text, int end)
    {
        if (end + 1 < n) return;
        if (2 * _used >= _slots.Length) Grow(text);
        int slot = Find(text, text.Slice(end + 1 - n, n));
        if (_slots[slot] == 0) _used++;
        _slots[slot] = end + 1;
    }

    /// <summary>Where the last <c>n</c> tokens of <paramref name="text"/> ended before as far as added, or −1.</summary>
    public int Last(ReadOnlySpan<int> text) => text.Length < n ? -1 : _slots[Find(text, text[^n..])] - 1;

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        Array.Clear(_slots);
        _used = 0;
    }

    private int Find(ReadOnlySpan<int> text, ReadOnlySpan<int> gram)
    {
        uint hash = 0;
        foreach (int token in gram) hash = (hash ^ (uint)token) * 0x9E3779B1 ^ hash >> 15;
        int mask = _slots.Length - 1, slot = (int)(hash ^ hash >> 16) & mask;
        while (_slots[slot] != 0 && !text.Slice(_slots[slot] - n, n).SequenceEqual(gram)) slot = (slot + 1) & mask;
        return slot;
    }

    private void Grow(ReadOnlySpan<int> text)
    {
        int[] old = _slots;
        _slots = new int[2 * old.Length];
        foreach (int end in old)
            if (end != 0) _slots[Find(text, text.Slice(end - n, n))] = end;
    }
}
