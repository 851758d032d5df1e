namespace Percheron.Models.Heads;

/// <summary>The cache of a head that goes back to the target's latest state: for every row which state that is, how far behind, the token, and what the head made of it.</summary>
/// <param name="stateFloats">Floats told of one position.</param>
/// <param name="ownFloats">Floats the head keeps of a row.</param>
internal sealed class AnchoredCache(int stateFloats, int ownFloats) : HeadCache(stateFloats)
{
    private int[] _anchors = new int[16], _distances = new int[16], _tokens = new int[16];
    private float[] _own = new float[16 * ownFloats];

    public override long Bytes => ToldBytes + (sizeof(int) * 3L * _anchors.Length) + (sizeof(float) * (long)_own.Length);

    /// <summary>Position of the state a scratch row goes back to; −1 for none.</summary>
    public int Anchor(int row) => _anchors[row];

    /// <summary>Rows from the one that read this state to the given one.</summary>
    public int Distance(int row) => _distances[row];

    /// <summary>The token of a scratch row.</summary>
    public int Token(int row) => _tokens[row];

    /// <summary>What the head keeps of a scratch row.</summary>
    public Span<float> Own(int row) => _own.AsSpan(row * ownFloats, ownFloats);

    /// <summary>Appends a row; returns it.</summary>
    public int Append(int parent, int token)
    {
        int row = Append(parent), before = Position(row) - 1;
        _tokens[row] = token;
        if (!State(before).IsEmpty) (_anchors[row], _distances[row]) = (before, 0);
        else if (parent >= 0) (_anchors[row], _distances[row]) = (_anchors[parent], _distances[parent] + 1);
        else (_anchors[row], _distances[row]) = (-1, 0);
        return row;
    }

    protected override void Reserve(int scratchRows)
    {
        if (_anchors.Length >= scratchRows) return;
        int size = 2 * scratchRows;
        Array.Resize(ref _anchors, size);
        Array.Resize(ref _distances, size);
        Array.Resize(ref _tokens, size);
        Array.Resize(ref _own, size * ownFloats);
    }

    // Committed rows are never gone back to: either the state behind them is known, or there is none.
    protected override void MoveScratch(int from, int to) { }
}
