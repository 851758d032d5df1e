using Percheron.Decoding;

namespace Percheron.Drafters;

/// <summary>A row of a grid that is decoded while rows above it still are: what is decided of it, and the scratch rows that have read it.</summary>
internal sealed class RowAhead
{
    private readonly List<Distribution> _laws = [];

    /// <summary>Position of its first token.</summary>
    public int Start { get; private set; }

    /// <summary>What is decided, from the first token on.</summary>
    public List<int> Tokens { get; } = [];

    /// <summary>The scratch row of each token that has been read: all but the last one.</summary>
    public List<int> Rows { get; } = [];

    /// <summary>Row of the forward that decides the next token; −1 where nothing is decided.</summary>
    public int Asked { get; set; } = -1;

    /// <summary>Position of the next token.</summary>
    public int Next => Start + Tokens.Count;

    /// <summary>The law that a token is drawn from; that of the next one is to be filled.</summary>
    public Distribution Law(int token)
    {
        if (token == _laws.Count) _laws.Add(new Distribution());
        return _laws[token];
    }

    /// <summary>Begins a row.</summary>
    public RowAhead Begin(int start)
    {
        (Start, Asked) = (start, -1);
        Tokens.Clear();
        Rows.Clear();
        return this;
    }
}
