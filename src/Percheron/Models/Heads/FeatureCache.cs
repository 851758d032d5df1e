namespace Percheron.Models.Heads;

/// <summary>The cache of a head with layers: keys and values, and of scratch rows the state that the rows below them go on with.</summary>
/// <param name="inner">Keys and values, row for row; disposed with this one.</param>
/// <param name="stateFloats">Floats told of one position.</param>
/// <param name="ownFloats">Floats of a state of the head's own.</param>
internal sealed class FeatureCache(KvCache inner, int stateFloats, int ownFloats) : HeadCache(stateFloats)
{
    private float[] _own = new float[16 * ownFloats];
    private bool[] _hasOwn = new bool[16];

    /// <summary>Keys and values.</summary>
    public KvCache Inner => inner;

    /// <inheritdoc/>
    public override long Bytes => ToldBytes + inner.Bytes + (sizeof(float) * (long)_own.Length);

    /// <summary>Whether the target's states at a scratch row are known, so that nobody goes on with the head's own.</summary>
    public bool Knows(int row) => !State(Position(row)).IsEmpty;

    /// <summary>What the head made of a scratch row, for the rows below it; empty if nothing was kept.</summary>
    public ReadOnlySpan<float> Own(int row) => _hasOwn[row] ? _own.AsSpan(row * ownFloats, ownFloats) : [];

    /// <summary>Keeps what the head made of a scratch row.</summary>
    public void Keep(int row, ReadOnlySpan<float> state)
    {
        state.CopyTo(_own.AsSpan(row * ownFloats, ownFloats));
        _hasOwn[row] = true;
    }

    /// <summary>Appends a row of which nothing is kept yet; returns it. The layers append theirs.</summary>
    public int AppendRow(int parent)
    {
        int row = Append(parent);
        _hasOwn[row] = false;
        return row;
    }

    /// <inheritdoc/>
    public override void Commit(ReadOnlySpan<int> rows)
    {
        // Rows that were made without a forward, to measure what forwards take, stand for any.
        for (int row = inner.ScratchCount; rows.Length > 0 && row < ScratchCount; row++) inner.Append(Parent(row));
        base.Commit(rows);
        inner.Commit(rows);
    }

    /// <inheritdoc/>
    public override void Truncate(int length)
    {
        base.Truncate(length);
        inner.Truncate(length);
    }

    /// <inheritdoc/>
    protected override void Reserve(int scratchRows)
    {
        if (_hasOwn.Length >= scratchRows) return;
        Array.Resize(ref _hasOwn, 2 * scratchRows);
        Array.Resize(ref _own, 2 * scratchRows * ownFloats);
    }

    // A committed row's own state is never gone on with: the target's is told, or counts as zeros.
    /// <inheritdoc/>
    protected override void MoveScratch(int from, int to) { }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }
}
