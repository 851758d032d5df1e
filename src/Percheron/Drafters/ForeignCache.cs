using Percheron.Models;

namespace Percheron.Drafters;

/// <summary>The cache of a draft with another vocabulary: each row of the target's is a run of rows of the draft's.</summary>
/// <param name="inner">The draft's cache, which is disposed with this one.</param>
internal sealed class ForeignCache(KvCache inner) : KvCache
{
    // Of each scratch row its run, and the last of the draft's rows up to it, −1 for the draft's tail.
    private (int First, int Count, int Last)[] _runs = new (int, int, int)[16];
    // Draft's rows up to each committed row.
    private int[] _ends = new int[16];
    private int[] _kept = new int[16];

    public KvCache Inner => inner;

    public override long Bytes => inner.Bytes;

    /// <summary>The last of the draft's scratch rows on the way to a scratch row, −1 if there is none.</summary>
    public int LastOf(int scratch) => scratch < 0 ? -1 : _runs[scratch].Last;

    /// <summary>Notes which of the draft's rows a scratch row is.</summary>
    public void Note(int scratch, int first, int count, int last) => _runs[scratch] = (first, count, last);

    public override void Commit(ReadOnlySpan<int> rows)
    {
        int kept = 0, end = inner.Length;
        if (_ends.Length < Length + rows.Length) Array.Resize(ref _ends, 2 * (Length + rows.Length));
        for (int i = 0; i < rows.Length; i++)
        {
            (int first, int count, _) = _runs[rows[i]];
            if (_kept.Length < kept + count) Array.Resize(ref _kept, 2 * (kept + count));
            for (int k = 0; k < count; k++) _kept[kept++] = first + k;
            _ends[Length + i] = end + kept;
        }
        inner.Commit(_kept.AsSpan(0, kept));
        base.Commit(rows);
    }

    public override void Truncate(int length)
    {
        base.Truncate(length);
        inner.Truncate(Length == 0 ? 0 : _ends[Length - 1]);
    }

    public override KvCache NewOverlay() => throw new NotSupportedException("a draft with another vocabulary has no views");

    protected override void Reserve(int scratchRows)
    {
        if (_runs.Length < scratchRows) Array.Resize(ref _runs, 2 * scratchRows);
    }

    // The draft's cache moves its rows itself, and runs are read before this.
    protected override void MoveScratch(int from, int to) { }

    protected override void CopyRows(KvCache other, int length)
    {
        if (other is not ForeignCache from) throw new ArgumentException("rows can be taken from a cache of the same model only", nameof(other));
        if (_ends.Length < length) Array.Resize(ref _ends, 2 * length);
        Array.Copy(from._ends, _ends, length);
        inner.CopyFrom(from.Inner, length == 0 ? 0 : _ends[length - 1]);
    }

    protected override void Dispose(bool disposing) => inner.Dispose();
}
