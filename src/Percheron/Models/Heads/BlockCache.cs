namespace Percheron.Models.Heads;

/// <summary>
/// The cache of a block draft: keys and values of the target's states, one row for each position, and what passes over blocks have left. Rows that are read from there have no keys.
/// </summary>
/// <remarks>The rows of a block stand behind the scratch rows while it is evaluated; nothing of them is kept.</remarks>
internal sealed class BlockCache : HeadCache
{
    private readonly List<DraftBlock> _blocks = [];
    private readonly BlockWeights _weights;
    private int[] _seen = new int[16], _runs = new int[16], _blockOf = new int[16], _guesses = new int[16], _tokens = new int[16];
    private int _usedBlocks, _committedSeen;
    private volatile bool _holdsSpecials;

    /// <param name="weights">The draft's.</param>
    /// <param name="stateFloats">Floats told of one position.</param>
    public BlockCache(BlockWeights weights, int stateFloats) : base(stateFloats)
    {
        _weights = weights;
        TransformerConfig config = weights.Config;
        Contents = new KeyValueStore(weights.Layers.Length, config.KeyValueHeadCount, config.HeadSize, weights.Half, config.ContextLength);
    }

    /// <inheritdoc/>
    public override long Bytes => ToldBytes + Contents.Bytes + (_blocks.Count * (long)_weights.Guesses * (_weights.Target.Vocab + _weights.Config.HiddenSize) * sizeof(float));

    /// <summary>Keys and values, by layer of the draft.</summary>
    public KeyValueStore Contents { get; }

    /// <summary>Whose cache it is.</summary>
    public BlockWeights Weights => _weights;

    /// <summary>Whether no key or value has ever been an infinity or NaN.</summary>
    public bool IsFinite => !_holdsSpecials;

    /// <summary>Notes that one was stored; any thread may do so.</summary>
    public void HoldsSpecials() => _holdsSpecials = true;

    /// <summary>Appends a row; returns it. What was evaluated for one of its ancestors answers it where the target's state before it is not known yet.</summary>
    public int AppendRow(int parent, int token)
    {
        int row = Append(parent), position = Position(row), run = parent < 0 ? 0 : _runs[parent];
        _tokens[row] = token;
        bool unknown = State(position - 1).IsEmpty;
        // What was never told cannot be looked at, nor what stands before it.
        _seen[row] = unknown ? position + 1 : parent < 0 ? _committedSeen : _seen[parent];
        _runs[row] = parent == row - 1 && run == row ? row + 1 : run;
        (_blockOf[row], _guesses[row]) = position > Told && parent >= 0 && _blockOf[parent] >= 0 ? (_blockOf[parent], _guesses[parent] + 1) : (-1, 0);
        return row;
    }

    /// <summary>The token of a scratch row.</summary>
    public int Token(int row) => _tokens[row];

    /// <summary>First position that a scratch row sees, if it sees any.</summary>
    public int FirstSeen(int row) => _seen[row];

    /// <summary>How many ancestors of a scratch row, itself included, counted from the tail, are the scratch rows 0, 1, 2 …: these lie right behind the committed rows.</summary>
    public int Run(int row) => _runs[row];

    /// <summary>Whether a row has nothing of its own: it is answered from the block of an ancestor.</summary>
    public bool IsGuess(int row) => _guesses[row] > 0;

    /// <summary>Which guess of its <see cref="Block"/> answers a row, from 0.</summary>
    public int Guess(int row) => _guesses[row];

    /// <summary>The block that answers a row.</summary>
    public DraftBlock Block(int row) => _blocks[_blockOf[row]];

    /// <summary>Gives a row a block of its own.</summary>
    public DraftBlock NewBlock(int row)
    {
        if (_usedBlocks == _blocks.Count) _blocks.Add(new DraftBlock(_weights.Guesses, _weights.Target.Vocab, _weights.Config.HiddenSize));
        _blockOf[row] = _usedBlocks;
        return _blocks[_usedBlocks++];
    }

    /// <summary>Where a scratch row stands among <see cref="Contents"/>.</summary>
    public int Slot(int row) => Length + row;

    /// <summary>Makes room for a number of slots behind the scratch rows; returns the first.</summary>
    public int ReserveBehind(int slots)
    {
        int first = Length + ScratchCount;
        Contents.Reserve(first + slots, first);
        return first;
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">A row has no keys: it was a guess, and is to be read again.</exception>
    public override void Commit(ReadOnlySpan<int> rows)
    {
        foreach (int row in rows)
            if ((uint)row < (uint)ScratchCount && IsGuess(row)) throw new InvalidOperationException("a row that was answered from a block is read again once it is committed");
        int seen = rows.IsEmpty || (uint)rows[^1] >= (uint)ScratchCount ? _committedSeen : _seen[rows[^1]];
        base.Commit(rows);
        (_committedSeen, _usedBlocks) = (seen, 0);
    }

    /// <inheritdoc/>
    public override void Truncate(int length)
    {
        base.Truncate(length);
        (_committedSeen, _usedBlocks) = (Math.Min(_committedSeen, length), 0);
    }

    /// <inheritdoc/>
    protected override void Reserve(int scratchRows)
    {
        Contents.Reserve(Length + scratchRows, Length + ScratchCount);
        if (_seen.Length < scratchRows)
        {
            int size = 2 * scratchRows;
            Array.Resize(ref _seen, size);
            Array.Resize(ref _runs, size);
            Array.Resize(ref _blockOf, size);
            Array.Resize(ref _guesses, size);
            Array.Resize(ref _tokens, size);
        }
        (_seen[scratchRows - 1], _blockOf[scratchRows - 1], _guesses[scratchRows - 1]) = (0, -1, 0);
    }

    /// <inheritdoc/>
    protected override void MoveScratch(int from, int to) => Contents.Move(Slot(from), Slot(to));

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) Contents.Dispose();
        base.Dispose(disposing);
    }
}
