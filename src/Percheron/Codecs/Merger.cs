namespace Percheron.Codecs;

/// <summary>Byte-pair encoding of one word: the merge of lowest rank, leftmost first, until none is left.</summary>
/// <remarks>Short words look for the minimum at each step; long ones keep a heap, so that a word of a million symbols takes n log n.</remarks>
internal sealed class Merger(MergeTable merges)
{
    private const int Short = 48;
    private const int Kept = 1 << 16;
    private int[] _next = [];
    private int[] _previous = [];
    private ulong[] _heap = [];
    private int _heapCount;

    /// <summary>Merges <paramref name="symbols"/> in place.</summary>
    /// <returns>How many are left, at the front.</returns>
    public int Merge(Span<int> symbols)
    {
        if (symbols.Length < 2) return symbols.Length;
        if (symbols.Length <= Short) return MergeShort(symbols);
        int left = MergeLong(symbols);
        if (_next.Length > Kept) (_next, _previous, _heap) = ([], [], []);
        return left;
    }

    private int MergeShort(Span<int> symbols)
    {
        Span<int> ranks = stackalloc int[Short];
        Span<int> results = stackalloc int[Short];
        int count = symbols.Length;
        for (int i = 0; i + 1 < count; i++) ranks[i] = merges.Rank(symbols[i], symbols[i + 1], out results[i]);
        while (count > 1)
        {
            int best = 0;
            for (int i = 1; i + 1 < count; i++)
                if (ranks[i] < ranks[best]) best = i;
            if (ranks[best] == int.MaxValue) break;
            symbols[best] = results[best];
            symbols[(best + 2)..count].CopyTo(symbols[(best + 1)..]);
            ranks[(best + 2)..count].CopyTo(ranks[(best + 1)..]);
            results[(best + 2)..count].CopyTo(results[(best + 1)..]);
            count--;
            if (best > 0) ranks[best - 1] = merges.Rank(symbols[best - 1], symbols[best], out results[best - 1]);
            if (best + 1 < count) ranks[best] = merges.Rank(symbols[best], symbols[best + 1], out results[best]);
        }
        return count;
    }

    private int MergeLong(Span<int> symbols)
    {
        int count = symbols.Length;
        if (_next.Length < count) (_next, _previous) = (new int[count], new int[count]);
        _heapCount = 0;
        for (int i = 0; i < count; i++)
        {
            _next[i] = i + 1 < count ? i + 1 : -1;
            _previous[i] = i - 1;
            Offer(symbols, i);
        }
        while (_heapCount > 0)
        {
            ulong top = Pop();
            int at = (int)(uint)top;
            int right = symbols[at] < 0 ? -1 : _next[at];
            // An entry is stale once either of its symbols has changed: the pair that stands there now has another rank, or none.
            if (right < 0 || merges.Rank(symbols[at], symbols[right], out int result) != (int)(top >> 32)) continue;
            symbols[at] = result;
            symbols[right] = -1;
            _next[at] = _next[right];
            if (_next[right] >= 0) _previous[_next[right]] = at;
            Offer(symbols, at);
            if (_previous[at] >= 0) Offer(symbols, _previous[at]);
        }
        int kept = 0;
        for (int i = 0; i >= 0; i = _next[i]) symbols[kept++] = symbols[i];
        return kept;
    }

    private void Offer(Span<int> symbols, int at)
    {
        int right = _next[at];
        if (right < 0) return;
        int rank = merges.Rank(symbols[at], symbols[right], out _);
        if (rank != int.MaxValue) Push((ulong)(uint)rank << 32 | (uint)at);
    }

    private void Push(ulong entry)
    {
        if (_heapCount == _heap.Length) Array.Resize(ref _heap, Math.Max(64, _heap.Length * 2));
        int at = _heapCount++;
        for (; at > 0 && _heap[(at - 1) / 2] > entry; at = (at - 1) / 2) _heap[at] = _heap[(at - 1) / 2];
        _heap[at] = entry;
    }

    private ulong Pop()
    {
        ulong top = _heap[0];
        ulong last = _heap[--_heapCount];
        int at = 0;
        while (at * 2 + 1 < _heapCount)
        {
            int child = at * 2 + 1;
            if (child + 1 < _heapCount && _heap[child + 1] < _heap[child]) child++;
            if (_heap[child] >= last) break;
            _heap[at] = _heap[child];
            at = child;
        }
        _heap[at] = last;
        return top;
    }
}
