namespace Percheron.Models;

/// <summary>
/// What a model remembers of one prefix: <see cref="Length"/> committed rows, then scratch rows whose parents form a tree on top of them.
/// This class keeps the positions; derived classes keep the contents.
/// </summary>
/// <remarks>
/// Position is cache length and nothing else: scratch row s stands at position Length + Depth(s), depth counted from the tail. Scratch rows are
/// stored in the same precision as committed ones, so a row reads the same bits from an ancestor of its own forward as from a committed row.
/// Only in an overlay may rows stand further on, at a position that they name, with a gap of what is not known yet before them; such rows can be hung on others as more becomes known.
/// </remarks>
public abstract class KvCache : IDisposable
{
    private int[] _parents = new int[16];
    private int[] _depths = new int[16];
    private int[] _places = new int[16];
    private int _length;

    /// <summary>Number of committed rows.</summary>
    public virtual int Length => _length;

    /// <summary>Number of scratch rows appended since the last commit.</summary>
    public int ScratchCount { get; private set; }

    /// <summary>Memory held, in bytes.</summary>
    public abstract long Bytes { get; }

    /// <summary>Scratch index of the parent of scratch row <paramref name="row"/>; −1 is the last committed row.</summary>
    public int Parent(int row) => _parents[row];

    /// <summary>Absolute position of scratch row <paramref name="row"/>.</summary>
    public int Position(int row) => _places[row] >= 0 ? _places[row] : Length + _depths[row];

    /// <summary>Whether scratch rows have named their positions.</summary>
    public bool IsPlaced { get; private set; }

    /// <summary>Number of scratch rows on the way from the tail to scratch row <paramref name="row"/>, itself included.</summary>
    public int PathLength(int row)
    {
        if (!IsPlaced) return _depths[row] + 1;
        int count = 0;
        for (; row >= 0; row = _parents[row]) count++;
        return count;
    }

    /// <summary>Writes the scratch rows from the tail to <paramref name="row"/>, itself last; returns how many.</summary>
    public int Path(int row, Span<int> path)
    {
        int count = PathLength(row);
        for (int i = count - 1; i >= 0; i--, row = _parents[row]) path[i] = row;
        return count;
    }

    /// <summary>Makes room for one more scratch row under <paramref name="parent"/> (−1 = the last committed row) and returns its index. Called by models.</summary>
    public int Append(int parent) => Place(parent, -1);

    /// <summary>As <see cref="Append"/>, for a row that names its position; only rows of an overlay do, and they cannot be committed.</summary>
    /// <param name="parent">The row it hangs on.</param>
    /// <param name="position">Where it stands, behind its parent; −1 right behind it.</param>
    public int Place(int parent, int position)
    {
        if (parent < -1 || parent >= ScratchCount)
            throw new ArgumentOutOfRangeException(nameof(parent), $"parent {parent} is not a scratch row (there are {ScratchCount})");
        if (ScratchCount == _parents.Length)
        {
            Array.Resize(ref _parents, 2 * ScratchCount);
            Array.Resize(ref _depths, 2 * ScratchCount);
            Array.Resize(ref _places, 2 * ScratchCount);
        }
        IsPlaced |= position >= 0;
        Reserve(ScratchCount + 1);
        _parents[ScratchCount] = parent;
        _depths[ScratchCount] = parent < 0 ? 0 : _depths[parent] + 1;
        _places[ScratchCount] = position;
        return ScratchCount++;
    }

    /// <summary>Hangs a scratch row that has named its position, and what descends from it, on another row: from now on they stand behind that one and its ancestors.</summary>
    /// <param name="row">The row.</param>
    /// <param name="parent">A scratch row before it in the text, or −1.</param>
    /// <exception cref="ArgumentException">The row has named no position, or does not stand behind the other.</exception>
    public virtual void Hang(int row, int parent)
    {
        if ((uint)row >= (uint)ScratchCount || parent < -1 || parent >= ScratchCount || _places[row] < 0 || (parent < 0 ? Length - 1 : Position(parent)) >= _places[row])
            throw new ArgumentException($"scratch row {row} cannot be hung on row {parent}", nameof(row));
        _parents[row] = parent;
    }

    /// <summary>Keeps the given scratch rows, in order, as the newest committed rows, and drops all other scratch rows.</summary>
    /// <param name="rows">A path: the first row hangs on the tail, every other on the one before it. Empty drops the scratch.</param>
    public virtual void Commit(ReadOnlySpan<int> rows)
    {
        for (int i = 0; i < rows.Length; i++)
            if (IsPlaced || (uint)rows[i] >= (uint)ScratchCount || _parents[rows[i]] != (i == 0 ? -1 : rows[i - 1]))
                throw new ArgumentException($"row {rows[i]} does not continue the path to commit", nameof(rows));
        // A parent precedes its child, so the kept rows ascend and row i never overwrites one still to move.
        for (int i = 0; i < rows.Length; i++)
            if (rows[i] != i) MoveScratch(rows[i], i);
        _length += rows.Length;
        ScratchCount = 0;
        IsPlaced = false;
    }

    /// <summary>Drops the scratch and every committed row from position <paramref name="length"/> on.</summary>
    public virtual void Truncate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ScratchCount = 0;
        IsPlaced = false;
        _length = Math.Min(_length, length);
    }

    /// <summary>Forgets everything; the sequence is rebuilt by catching up (preemption).</summary>
    public void Clear() => Truncate(0);

    /// <summary>Forgets everything and takes the first <paramref name="length"/> committed rows of another cache instead, so that texts that begin alike read the beginning once.</summary>
    /// <param name="other">A cache of the same model; it keeps its rows.</param>
    /// <param name="length">Rows to take, as many as the other has at most.</param>
    /// <exception cref="ArgumentException">The other cache is one of another model, or one of the two is an overlay.</exception>
    public void CopyFrom(KvCache other, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, other.Length);
        Clear();
        CopyRows(other, length);
        _length = length;
    }

    /// <summary>
    /// An empty scratch over the committed rows of this cache, for a view of the model: it reads them as they are at each forward, keeps its own
    /// scratch rows, and can commit nothing. The caller disposes it.
    /// </summary>
    public abstract KvCache NewOverlay();

    /// <summary>An overlay that reads only some of the committed rows: what a draft needs of a long text, at the cost of a short one. A cache that cannot is read whole.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A window below 1, or a negative number.</exception>
    public virtual KvCache NewOverlay(SparseReading sparse) => NewOverlay();

    /// <summary>Committed rows of the cache below that an overlay reads at most, to look at a text as it was; changed only while there is no scratch.</summary>
    public int Reach { get; set; } = int.MaxValue;

    /// <summary>Frees what the cache holds.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Sees to it that <paramref name="scratchRows"/> rows fit behind the committed ones.</summary>
    protected abstract void Reserve(int scratchRows);

    /// <summary>Copies the contents of scratch row <paramref name="from"/> over scratch row <paramref name="to"/>, which lies before it.</summary>
    protected abstract void MoveScratch(int from, int to);

    /// <summary>Copies the contents of the first committed rows of another cache into this one, which is empty.</summary>
    protected abstract void CopyRows(KvCache other, int length);

    /// <summary>Frees what the cache holds.</summary>
    protected virtual void Dispose(bool disposing) { }
}
