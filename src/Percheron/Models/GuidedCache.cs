namespace Percheron.Models;

/// <summary>The cache of a <see cref="GuidedModel"/>: one of the model below for each half, row for row the same.</summary>
internal sealed class GuidedCache : KvCache
{
    private readonly GuidedCache? _committed;

    /// <param name="with">The half that reads the condition; disposed with this cache.</param>
    /// <param name="without">The half that does not; disposed with this cache.</param>
    public GuidedCache(KvCache with, KvCache without) => (With, Without) = (with, without);

    private GuidedCache(GuidedCache committed, KvCache with, KvCache without) : this(with, without) => _committed = committed;

    /// <summary>The half that reads the condition.</summary>
    public KvCache With { get; }

    /// <summary>The half that does not.</summary>
    public KvCache Without { get; }

    /// <inheritdoc/>
    public override int Length => _committed is null ? base.Length : Math.Min(Reach, _committed.Length);

    /// <inheritdoc/>
    public override long Bytes => With.Bytes + Without.Bytes;

    /// <summary>Brings the halves to where this cache is: it may have been told to reach less far, or been given rows without a forward, to measure what forwards cost.</summary>
    public void Match()
    {
        (With.Reach, Without.Reach) = (Reach, Reach);
        for (int row = With.ScratchCount; row < ScratchCount; row++) With.Append(Parent(row));
        for (int row = Without.ScratchCount; row < ScratchCount; row++) Without.Append(Parent(row));
    }

    /// <inheritdoc/>
    public override void Commit(ReadOnlySpan<int> rows)
    {
        Match();
        // The halves refuse what cannot be committed before anything here has changed.
        With.Commit(rows);
        Without.Commit(rows);
        base.Commit(rows);
    }

    /// <inheritdoc/>
    public override void Hang(int row, int parent)
    {
        With.Hang(row, parent);
        Without.Hang(row, parent);
        base.Hang(row, parent);
    }

    /// <inheritdoc/>
    public override void Truncate(int length)
    {
        base.Truncate(length);
        With.Truncate(length);
        Without.Truncate(length);
    }

    /// <inheritdoc/>
    public override KvCache NewOverlay() => new GuidedCache(_committed ?? this, With.NewOverlay(), Without.NewOverlay());

    /// <inheritdoc/>
    public override KvCache NewOverlay(SparseReading sparse) => new GuidedCache(_committed ?? this, With.NewOverlay(sparse), Without.NewOverlay(sparse));

    /// <inheritdoc/>
    protected override void Reserve(int scratchRows) { }

    /// <inheritdoc/>
    protected override void MoveScratch(int from, int to) { }

    /// <inheritdoc/>
    protected override void CopyRows(KvCache other, int length)
    {
        if (_committed is not null || other is not GuidedCache { _committed: null } from) throw new ArgumentException("rows can be taken from a cache of the same model only, and not by or from an overlay", nameof(other));
        With.CopyFrom(from.With, length);
        Without.CopyFrom(from.Without, length);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            With.Dispose();
            Without.Dispose();
        }
        base.Dispose(disposing);
    }
}
