using Percheron.Decoding;
using Percheron.Models;

namespace Percheron.Drafters;

/// <summary>
/// The rows of one sequence's grid that are decoded below the row that is being committed. They are scratch rows of one overlay of the sequence's cache; each stands at its own place, hangs on what is known of the row above,
/// and sees nothing of what is missing there.
/// </summary>
/// <param name="width">Tokens of a row.</param>
/// <param name="window">How many tokens a row stays behind the one above.</param>
/// <param name="most">Rows at once.</param>
internal sealed class RowsAhead(int width, int window, int most) : IDisposable
{
    private readonly List<RowAhead> _rows = [];
    private readonly Stack<RowAhead> _idle = [];
    private readonly TokenTree _tree = new();
    private KvCache? _overlay;
    private float[] _allowed = [];
    private bool _asks;
    // The first row, while it stands in the tree: until it is committed the row below hangs on it.
    private RowAhead? _offered;

    /// <summary>What the next forward is asked for besides the sequence's own rows.</summary>
    public Rows Asked { get; } = new();

    /// <summary>The row that begins at the sequence's next token, if there is one.</summary>
    public RowAhead? Offer(Sequence sequence)
    {
        if (_rows.Count > 0 && _rows[0].Start < sequence.Count) Clear();
        if (_rows.Count == 0 || _rows[0].Start > sequence.Count || _rows[0].Tokens.Count == 0) return null;
        _offered = _rows[0];
        _rows.RemoveAt(0);
        return _offered;
    }

    /// <summary>Asks for the next token of every row that is far enough behind the one above, and begins rows below; false where there is nothing to ask.</summary>
    public bool Ask(Sequence sequence, long limit)
    {
        int start = sequence.PromptLength + ((sequence.Count - sequence.PromptLength) / width * width);
        // A sequence that follows another one may have another grid now.
        if (_rows.Count > 0 && _rows[0].Start != start + width) Clear();
        _overlay ??= sequence.Cache!.NewOverlay();
        if (_rows.Count == 0 && _offered is null && _overlay.ScratchCount > 0) _overlay.Commit([]);
        Asked.Reset(_overlay);
        int seen = _offered?.Rows.Count ?? sequence.Cache!.Length - start;
        for (int i = 0; i < most && start + ((i + 1) * (long)width) < limit; i++)
        {
            if (i == _rows.Count)
            {
                if (seen < window) break;
                _rows.Add((_idle.TryPop(out RowAhead? idle) ? idle : new RowAhead()).Begin(start + ((i + 1) * width)));
            }
            RowAhead it = _rows[i];
            // What is known of the row above has grown since, or has gone over to the sequence's own cache.
            int above = Above(i);
            if (it.Rows.Count > 0) _overlay.Hang(it.Rows[0], above);
            it.Asked = seen - it.Tokens.Count >= window && it.Tokens.Count < width && it.Next < limit ? Add(sequence, it, above) : -1;
            seen = it.Rows.Count;
        }
        return _asks = Asked.Count > 0;
    }

    /// <summary>Draws what was asked for, and forgets everything if the row that was offered was not accepted as a whole.</summary>
    public void Learn(in Step step, Sampler sampler)
    {
        bool lost = _offered is { } offered && step.Acceptance.HasNext && step.Acceptance.Path.Length < offered.Tokens.Count;
        if (lost) Clear();
        else if (_asks) Decide(step.Sequence, sampler);
        _asks = false;
        if (_offered is null) return;
        // A round that commits nothing offers it again.
        if (step.Acceptance.HasNext) _idle.Push(_offered);
        else _rows.Insert(0, _offered);
        _offered = null;
    }

    public void Dispose() => _overlay?.Dispose();

    private void Clear()
    {
        foreach (RowAhead row in _rows) _idle.Push(row);
        _rows.Clear();
    }

    private void Decide(Sequence sequence, Sampler sampler)
    {
        Lay(sequence);
        foreach (RowAhead it in _rows)
        {
            int before = it.Next - 1 - _tree.RootPosition;
            if (it.Asked < 0 || before < 0) continue;
            Distribution law = it.Law(it.Tokens.Count);
            if (!sampler.TryLaw(Asked.Logits(it.Asked), sequence, _tree, before, law)) continue;
            if (it.Tokens.Count > 0) it.Rows.Add(Asked.FirstScratch + it.Asked);
            it.Tokens.Add(sequence.Random.Draw(it.Next, law));
        }
    }

    // Reads the newest token of a row, or before its first one what stands in for the missing end of the row above: the token above that.
    private int Add(Sequence sequence, RowAhead it, int above)
    {
        int token = it.Tokens.Count > 0 ? it.Tokens[^1] : Token(sequence, it.Start - 1 - width);
        Asked.AddAt(token < 0 ? _offered?.Tokens[^1] ?? sequence.Tokens[^1] : token, it.Next - 1, it.Rows.Count > 0 ? it.Rows[^1] : above, logits: true);
        return Asked.Count - 1;
    }

    // The last scratch row of what is known above a row; −1 where that is in the sequence's own cache.
    private int Above(int row) => (row > 0 ? _rows[row - 1] : _offered) is { Rows.Count: > 0 } above ? above.Rows[^1] : -1;

    // What is decided of a place of the grid; −1 for nothing.
    private int Token(Sequence sequence, int position)
    {
        if (position < sequence.Count) return position < sequence.PromptLength ? -1 : sequence.Tokens[position];
        if (_offered is { } offered && position >= offered.Start && position < offered.Next) return offered.Tokens[position - offered.Start];
        if (_rows.Count == 0 || position < _rows[0].Start) return -1;
        (int row, int column) = Math.DivRem(position - _rows[0].Start, width);
        return row < _rows.Count && column < _rows[row].Tokens.Count ? _rows[row].Tokens[column] : -1;
    }

    // The path on which laws depend, by penalties and constraints: in a gap stands what stands above it.
    private void Lay(Sequence sequence)
    {
        int root = sequence.Count - 1, end = root;
        foreach (RowAhead it in _rows)
            if (it.Asked >= 0) end = Math.Max(root, it.Next - 1);
        _tree.Reset(sequence.Tokens[^1], root, end - root);
        ITokenConstraint? constraint = sequence.Options.Constraint;
        int state = constraint is null ? -1 : sequence.ConstraintState(constraint, root);
        for (int position = root + 1, at = 0; position <= end; position++)
        {
            int token = Token(sequence, position), above = position - width;
            if (token < 0) token = above > root ? _tree.Token(above - root) : Token(sequence, above);
            if (token < 0) token = sequence.Tokens[^1];
            if (state >= 0 && constraint!.Advance(state, token) < 0) token = Allowed(constraint, state, sequence.Vocab) ?? token;
            if (state >= 0) state = constraint!.Advance(state, token);
            at = _tree.Add(at, token);
        }
    }

    // Any token will do in a gap, but the path must go on.
    private int? Allowed(ITokenConstraint constraint, int state, int vocab)
    {
        if (_allowed.Length < vocab) _allowed = new float[vocab];
        Array.Clear(_allowed);
        constraint.Forbid(state, _allowed);
        int first = Array.IndexOf(_allowed, 0f);
        return first < 0 ? null : first;
    }
}
