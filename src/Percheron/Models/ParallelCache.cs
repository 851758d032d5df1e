namespace Percheron.Models;

/// <summary>The cache of a <see cref="ParallelModel"/>: that of the model below, and which of its rows answer which of ours.</summary>
/// <param name="inner">The cache of the model below; disposed with this one.</param>
internal sealed class ParallelCache(KvCache inner) : KvCache
{
    // Of forwards since the last commit: their answers are read until then.
    private readonly List<Rows> _forwards = [];
    private int[] _inner = new int[16], _forwardOf = new int[16], _firstMask = new int[16], _guesses = new int[16], _kept = new int[16];
    private int _used;

    /// <inheritdoc/>
    public override long Bytes => inner.Bytes;

    /// <summary>Appends a row; it is a guess if an ancestor was answered in an earlier forward.</summary>
    public int AppendRow(int parent, int firstOfForward)
    {
        int row = Append(parent);
        bool guess = parent >= 0 && (IsGuess(parent) || (parent < firstOfForward && _forwardOf[parent] >= 0));
        if (guess) (_inner[row], _forwardOf[row], _firstMask[row], _guesses[row]) = (_inner[parent], _forwardOf[parent], _firstMask[parent], _guesses[parent] + 1);
        return row;
    }

    /// <summary>Whether a row is answered by a guess.</summary>
    public bool IsGuess(int row) => _guesses[row] > 0;

    /// <summary>The row below that stands for a row, or for the ancestor whose guess answers it.</summary>
    public int Inner(int row) => _inner[row];

    /// <summary>Rows for one more forward of the model below.</summary>
    public Rows NextRows()
    {
        if (_used == _forwards.Count) _forwards.Add(new Rows());
        _forwards[_used].Reset(inner);
        return _forwards[_used++];
    }

    /// <summary>Notes which row below a row is.</summary>
    public void Read(int row, int innerRow) => _inner[row] = innerRow;

    /// <summary>Notes that a row is answered in the newest forward; −1 where it has no masks.</summary>
    public void Answered(int row, Rows forward, int firstMask) => (_forwardOf[row], _firstMask[row]) = (_forwards.IndexOf(forward), firstMask);

    /// <summary>The answer to a row [vocab]; behind the last guess there is nothing new.</summary>
    public ReadOnlySpan<float> Logits(int row, int masks)
    {
        Rows forward = _forwards[_forwardOf[row]];
        int guess = _firstMask[row] < 0 ? 0 : Math.Min(_guesses[row], masks);
        return forward.Logits(guess == 0 ? _inner[row] - forward.FirstScratch : _firstMask[row] + guess - 1);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">A row was answered by a guess: it is to be read again.</exception>
    public override void Commit(ReadOnlySpan<int> rows)
    {
        if (_kept.Length < rows.Length) _kept = new int[2 * rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            if ((uint)rows[i] < (uint)ScratchCount && IsGuess(rows[i])) throw new InvalidOperationException("a row that was answered by a guess is read again once it is committed");
        }
        base.Commit(rows);
        // A row that was made without a forward, to measure what forwards cost, stands for any.
        for (int i = 0; i < rows.Length; i++) _kept[i] = _inner[rows[i]] >= 0 ? _inner[rows[i]] : inner.Append(i == 0 ? -1 : _kept[i - 1]);
        inner.Commit(_kept.AsSpan(0, rows.Length));
        _used = 0;
    }

    /// <inheritdoc/>
    public override void Truncate(int length)
    {
        base.Truncate(length);
        inner.Truncate(length);
        _used = 0;
    }

    /// <inheritdoc/>
    public override KvCache NewOverlay() => throw new NotSupportedException("a parallel draft has no views");

    /// <inheritdoc/>
    protected override void Reserve(int scratchRows)
    {
        if (_inner.Length < scratchRows)
        {
            int size = 2 * scratchRows;
            Array.Resize(ref _inner, size);
            Array.Resize(ref _forwardOf, size);
            Array.Resize(ref _firstMask, size);
            Array.Resize(ref _guesses, size);
        }
        (_inner[scratchRows - 1], _forwardOf[scratchRows - 1], _firstMask[scratchRows - 1], _guesses[scratchRows - 1]) = (-1, -1, 0, 0);
    }

    /// <inheritdoc/>
    protected override void MoveScratch(int from, int to) { }

    /// <inheritdoc/>
    protected override void CopyRows(KvCache other, int length)
    {
        if (other is not ParallelCache from) throw new ArgumentException("rows can be taken from a cache of the same model only", nameof(other));
        inner.CopyFrom(from.Underneath, length);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }

    private KvCache Underneath => inner;
}
