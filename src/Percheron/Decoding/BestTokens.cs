using Percheron.Kernels;

namespace Percheron.Decoding;

/// <summary>The most probable tokens of a vocabulary, found without sorting it.</summary>
/// <remarks>
/// A heap of the best so far, with the worst on top, is offered only what may be better. In a large vocabulary the k-th best of the maxima of many small groups is a bound
/// from the start: at least k tokens reach it, and few others do.
/// </remarks>
internal sealed class BestTokens
{
    // Tokens looked at together, and at least as many groups for each token wanted, else the bound is worth little.
    private const int Piece = 256, GroupsPerToken = 8, MostBlocks = 64;

    private float[] _keys = [], _peaks = [];
    private int[] _tokens = [];
    private readonly int[] _found = new int[Math.Max(Piece, 16 * MostBlocks)];
    private int _count;

    /// <summary>What the last selection found, most probable first; equal ones by id.</summary>
    public ReadOnlySpan<float> Keys => _keys.AsSpan(0, _count);

    /// <summary>The ids that belong to <see cref="Keys"/>.</summary>
    public ReadOnlySpan<int> Tokens => _tokens.AsSpan(0, _count);

    /// <summary>Selects the <paramref name="limit"/> largest logits, the lowest ids among equals; −∞ and what is not a number is never selected. Returns how many there are.</summary>
    public int Select(ReadOnlySpan<float> logits, int limit)
    {
        limit = Math.Min(limit, logits.Length);
        if (_keys.Length < limit)
        {
            _keys = new float[Math.Max(limit, 2 * _keys.Length)];
            _tokens = new int[_keys.Length];
        }
        int blocks = MostBlocks;
        while (blocks > 1 && logits.Length / blocks < GroupsPerToken * limit) blocks /= 2;
        if (blocks <= 2 || limit == 0) Collect(logits, limit, float.NegativeInfinity, Piece, []);
        else
        {
            int size = 16 * Survivors.Stretches(logits.Length, blocks);
            if (_peaks.Length < size) _peaks = new float[Math.Max(size, 2 * _peaks.Length)];
            Span<float> peaks = _peaks.AsSpan(0, size);
            Survivors.Peaks(logits, blocks, peaks);
            Collect(peaks, limit, float.NegativeInfinity, Piece, []);
            Collect(logits, limit, _count == limit ? MathF.BitDecrement(_keys[0]) : float.NegativeInfinity, 16 * blocks, peaks);
        }
        SortDescending();
        return _count;
    }

    // Leaves the best above the floor in the heap. Stretches of which no peak is above what is kept are not looked at.
    private void Collect(ReadOnlySpan<float> logits, int limit, float floor, int stretch, ReadOnlySpan<float> peaks)
    {
        _count = 0;
        for (int from = 0; from < logits.Length && limit > 0; from += stretch)
        {
            float bound = _count == limit ? Math.Max(floor, _keys[0]) : floor;
            if (!peaks.IsEmpty && !(ArgMax.Max(peaks.Slice(from / stretch * 16, 16)) > bound)) continue;
            ReadOnlySpan<float> part = logits.Slice(from, Math.Min(stretch, logits.Length - from));
            int found = Survivors.Above(part, bound, _found);
            foreach (int i in _found.AsSpan(0, found)) Offer(part[i], from + i, limit);
        }
    }

    // Later ids lose ties, and they are offered in the order of ids.
    private void Offer(float key, int token, int limit)
    {
        if (_count < limit)
        {
            (_keys[_count], _tokens[_count]) = (key, token);
            for (int at = _count++; at > 0 && Worse(at, (at - 1) / 2); at = (at - 1) / 2) Swap(at, (at - 1) / 2);
        }
        else if (key > _keys[0])
        {
            (_keys[0], _tokens[0]) = (key, token);
            SiftDown();
        }
    }

    private void SiftDown()
    {
        for (int at = 0; ;)
        {
            int child = (2 * at) + 1;
            if (child >= _count) return;
            if (child + 1 < _count && Worse(child + 1, child)) child++;
            if (!Worse(child, at)) return;
            Swap(at, child);
            at = child;
        }
    }

    private bool Worse(int a, int b) => _keys[a] < _keys[b] || (_keys[a] == _keys[b] && _tokens[a] > _tokens[b]);

    private void Swap(int a, int b)
    {
        (_keys[a], _keys[b]) = (_keys[b], _keys[a]);
        (_tokens[a], _tokens[b]) = (_tokens[b], _tokens[a]);
    }

    // Sorting ascending and turning round is descending; runs of equal keys are then put into the order of ids.
    private void SortDescending()
    {
        Span<float> keys = _keys.AsSpan(0, _count);
        Span<int> tokens = _tokens.AsSpan(0, _count);
        keys.Sort(tokens);
        keys.Reverse();
        tokens.Reverse();
        for (int from = 0; from < _count;)
        {
            int to = from + 1;
            while (to < _count && keys[to] == keys[from]) to++;
            if (to - from > 1) tokens[from..to].Sort();
            from = to;
        }
    }
}
