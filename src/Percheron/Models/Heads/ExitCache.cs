namespace Percheron.Models.Heads;

/// <summary>
/// The cache of an <see cref="ExitView"/> for one sequence: an overlay of the target's, and the exit's own. The exit is told the states of committed rows, and reads them with the next forward.
/// </summary>
/// <param name="overlay">Of the target's cache, or one of the view's own; owned.</param>
/// <param name="exit">Whose states are told.</param>
internal sealed class ExitCache(KvCache overlay, IExit exit) : KvCache
{
    // So many told states are read at once, that a prompt is never kept whole.
    private const int Chunk = 64;

    private readonly KvCache _own = exit.NewCache();
    private readonly float[] _told = new float[Chunk * exit.StateSize];
    private readonly Rows[] _batch = new Rows[1];
    private int[] _kept = new int[Chunk];
    private int _waiting, _read;

    /// <summary>Rows of the target's first layers.</summary>
    public KvCache Overlay { get; } = overlay;

    /// <summary>What the target may go on with.</summary>
    public StartedRows Started { get; } = new(overlay, exit.Layer);

    /// <summary>Rows that the target's first layers are asked for.</summary>
    public Rows Lower { get; } = new();

    /// <summary>Rows that the exit is asked for.</summary>
    public Rows Upper { get; } = new();

    /// <inheritdoc/>
    public override int Length => Overlay.Length;

    /// <inheritdoc/>
    public override long Bytes => Overlay.Bytes + _own.Bytes + (sizeof(float) * (long)_told.Length);

    /// <summary>Positions whose states the exit knows.</summary>
    public int Told => _own.Length + _waiting;

    /// <summary>Tells the state at a committed position [StateSize]; what was told of later ones is forgotten. Positions are told in order: one behind a gap is not taken.</summary>
    public void Tell(int position, ReadOnlySpan<float> state)
    {
        if (state.Length != exit.StateSize) throw new ArgumentException($"the exit was made for hidden states of {exit.StateSize} floats and the target's have {state.Length}: it belongs to another model", nameof(state));
        if (position > Told) return;
        if (position < _own.Length) _own.Truncate(position);
        _waiting = position - _own.Length;
        if (_waiting == Chunk) Read();
        state.CopyTo(_told.AsSpan(_waiting++ * exit.StateSize));
    }

    /// <summary>Asks the exit for rows whose lower layers are done, behind the told states it has not read.</summary>
    public void FillUpper(Rows rows)
    {
        int first = ScratchCount;
        for (int row = 0; row < rows.Count; row++) Append(rows.Parents[row]);
        Started.Keep(Lower);
        Upper.Reset(_own);
        if (first == 0) AddWaiting();
        for (int row = 0; row < rows.Count; row++) Upper.AddHidden(Started.State(first + row), 0, rows.Parents[row] + _read, rows.WantsLogits(row));
    }

    /// <inheritdoc/>
    public override void Commit(ReadOnlySpan<int> rows)
    {
        // Rows that were made without a forward, to measure what forwards take, stand for any.
        for (int row = Overlay.ScratchCount; rows.Length > 0 && row < ScratchCount; row++) Overlay.Append(Parent(row));
        base.Commit(rows);
        Overlay.Commit(rows);
        Started.Clear();
        KeepRead();
    }

    /// <inheritdoc/>
    public override KvCache NewOverlay() => throw new NotSupportedException("an exit has no views");

    /// <inheritdoc/>
    protected override void Reserve(int scratchRows) { }

    /// <inheritdoc/>
    protected override void MoveScratch(int from, int to) { }

    /// <inheritdoc/>
    protected override void CopyRows(KvCache other, int length) => throw new NotSupportedException("an exit has to be told its states");

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        Overlay.Dispose();
        _own.Dispose();
        base.Dispose(disposing);
    }

    private void Read()
    {
        Upper.Reset(_own);
        AddWaiting();
        _batch[0] = Upper;
        exit.Forward(_batch);
        KeepRead();
    }

    private void AddWaiting()
    {
        for (int i = 0; i < _waiting; i++) Upper.AddHidden(_told.AsSpan(i * exit.StateSize, exit.StateSize), 0, i - 1, logits: false);
        _read = _waiting;
    }

    // The rows of told states stay in the exit's cache; those of guesses do not.
    private void KeepRead()
    {
        if (_own.ScratchCount == 0) return;
        for (int i = 0; i < _read; i++) _kept[i] = i;
        _own.Commit(_kept.AsSpan(0, _read));
        (_waiting, _read) = (0, 0);
    }
}
