using System.Numerics;

namespace Percheron.Codecs;

/// <summary>Which adjacent symbols merge, how early, and into what: an open-addressed table from pairs of symbols.</summary>
internal sealed class MergeTable
{
    private Entry[] _entries;
    private int _count;

    public MergeTable(int capacity) => _entries = new Entry[(int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(capacity, 8) * 2)];

    /// <summary>Adds a merge; one that is already there keeps its rank.</summary>
    /// <param name="left">Left symbol, not negative.</param>
    /// <param name="right">Right symbol, not negative.</param>
    /// <param name="rank">Lower merges first; not negative.</param>
    /// <param name="result">Symbol both become.</param>
    public void TryAdd(int left, int right, int rank, int result)
    {
        if (_count * 2 >= _entries.Length) Grow();
        ulong key = Key(left, right);
        int at = Slot(key, _entries.Length);
        for (; _entries[at].Key != 0; at = (at + 1) & (_entries.Length - 1))
            if (_entries[at].Key == key) return;
        _entries[at] = new Entry { Key = key, Rank = rank, Result = result };
        _count++;
    }

    /// <summary>Rank of the merge of two symbols, or <see cref="int.MaxValue"/> where they do not merge.</summary>
    public int Rank(int left, int right, out int result)
    {
        ulong key = Key(left, right);
        Entry[] entries = _entries;
        for (int at = Slot(key, entries.Length); ; at = (at + 1) & (entries.Length - 1))
        {
            ref readonly Entry entry = ref entries[at];
            if (entry.Key == key)
            {
                result = entry.Result;
                return entry.Rank;
            }
            if (entry.Key == 0) break;
        }
        result = -1;
        return int.MaxValue;
    }

    // The top bit keeps the key of a real pair from being 0, which marks a free slot.
    private static ulong Key(int left, int right) => 1ul << 63 | (ulong)(uint)left << 32 | (uint)right;

    private static int Slot(ulong key, int length)
    {
        ulong hash = key * 0x9E3779B97F4A7C15;
        return (int)((hash ^ hash >> 32) & (uint)(length - 1));
    }

    private void Grow()
    {
        Entry[] old = _entries;
        _entries = new Entry[old.Length * 2];
        foreach (Entry entry in old)
        {
            if (entry.Key == 0) continue;
            int at = Slot(entry.Key, _entries.Length);
            while (_entries[at].Key != 0) at = (at + 1) & (_entries.Length - 1);
            _entries[at] = entry;
        }
    }

    private struct Entry
    {
        public ulong Key;
        public int Rank;
        public int Result;
    }
}
