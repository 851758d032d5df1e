using Percheron.Models;

namespace Percheron.Testing;

/// <summary>
/// The cache of a <see cref="ToyModel"/>. A row is what entered it and the position it was written for: enough for every mistake of slot, parent, commit or
/// truncation to change what is read back. A test derives from it to plant such a mistake.
/// </summary>
public class ToyCache : KvCache
{
    private readonly ToyCache? _under;
    private readonly SparseReading? _sparse;
    private (int Input, int Position)[] _rows = new (int, int)[16];
    private bool _disposed;

    /// <summary>An empty cache of a model or of a view of it.</summary>
    public ToyCache(ToyModel model) : this(model.Family, null) { }

    private ToyCache(ToyModel family, ToyCache? under, SparseReading? sparse = null)
    {
        (Family, _under, _sparse) = (family, under, sparse);
        family.LiveCaches++;
    }

    /// <inheritdoc/>
    public override int Length => _under is null ? base.Length : Math.Min(Reach, _under.Length);

    /// <inheritdoc/>
    public override long Bytes => 8L * _rows.Length;

    // The model and its views: whose rows may stand here.
    internal ToyModel Family { get; }

    // An overlay keeps its own scratch only; the committed rows are those of the cache below.
    private int Base => _under is null ? base.Length : 0;

    /// <inheritdoc/>
    public override void Commit(ReadOnlySpan<int> rows)
    {
        if (_under is not null && rows.Length > 0) throw new InvalidOperationException("an overlay commits nothing: the cache below does");
        base.Commit(rows);
    }

    /// <inheritdoc/>
    public override KvCache NewOverlay() => new ToyCache(Family, this);

    /// <inheritdoc/>
    public override KvCache NewOverlay(SparseReading sparse) => new ToyCache(Family, this, sparse);

    internal bool IsOver(ToyCache cache) => _under == cache && _sparse is null && Length == cache.Length;

    // What a scratch row is, if it was written for this position; else noise.
    internal int Input(int scratch, int position) => At(_rows[Base + scratch], position);

    internal void Write(int scratch, int input) => _rows[Base + scratch] = (input, Position(scratch));

    // What stands at the end of the path of scratch row `scratch`, and before it: newest first. A row that was written for another position is read as noise.
    internal int Read(int scratch, Span<int> newestFirst)
    {
        int count = 0, position = Position(scratch);
        for (int before; scratch >= 0 && count < newestFirst.Length; scratch = before)
        {
            newestFirst[count++] = At(_rows[Base + scratch], position);
            before = Before(scratch);
            // What stands in a gap is not known, and not looked at.
            position = !IsPlaced ? position - 1 : before >= 0 ? Position(before) : Length - 1;
        }
        // Pieces in between are not modelled: a toy looks at its last inputs only.
        int unread = _sparse?.FirstRecent(Length) ?? 0;
        for (; position >= 0 && count < newestFirst.Length && (position >= unread || position < _sparse!.Sinks); position--)
            newestFirst[count++] = Committed(position);
        return count;
    }

    /// <summary>The scratch row that a row looks back on, −1 for the last committed one.</summary>
    protected virtual int Before(int scratch) => Parent(scratch);

    /// <inheritdoc/>
    protected override void Reserve(int scratchRows)
    {
        int need = Base + scratchRows;
        if (_rows.Length < need) Array.Resize(ref _rows, Math.Max(need, 2 * _rows.Length));
    }

    /// <inheritdoc/>
    protected override void MoveScratch(int from, int to) => _rows[Base + to] = _rows[Base + from];

    /// <inheritdoc/>
    protected override void CopyRows(KvCache other, int length)
    {
        if (_under is not null || other is not ToyCache { _under: null } from || from.Family != Family) throw new ArgumentException("rows can be taken from a cache of the same toy only", nameof(other));
        Reserve(length);
        Array.Copy(from._rows, _rows, length);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (!_disposed) Family.LiveCaches--;
        _disposed = true;
    }

    private int Committed(int position) => _under?.Committed(position) ?? At(_rows[position], position);

    private static int At((int Input, int Position) row, int position) => row.Position == position ? row.Input : ~row.Input;
}
