namespace Percheron.Kernels;

/// <summary>Rows of one sequence and heads of one key-value head that <see cref="Attention"/> computes together: each key and value is widened once for all of them.</summary>
public readonly unsafe struct AttentionTile
{
    /// <summary>Keys, as <see cref="AttentionLayout"/> says; every row sees its contiguous positions here.</summary>
    public required byte* Keys { get; init; }

    /// <summary>Values at the same slots.</summary>
    public required byte* Values { get; init; }

    /// <summary>Contiguous positions before this one, a multiple of <see cref="Attention.Chunk"/>, lie in <see cref="SharedKeys"/> and <see cref="SharedValues"/> instead, and no tail has a slot among them.</summary>
    public int SharedEnd { get; init; }

    /// <summary>Keys of the positions before <see cref="SharedEnd"/>.</summary>
    public byte* SharedKeys { get; init; }

    /// <summary>Values of the positions before <see cref="SharedEnd"/>.</summary>
    public byte* SharedValues { get; init; }

    /// <summary>Keys at the slots of the rows' tails; the same area as <see cref="Keys"/>, unless all rows have the same contiguous positions.</summary>
    public byte* TailKeys { get; init; }

    /// <summary>Values at the slots of the rows' tails.</summary>
    public byte* TailValues { get; init; }

    /// <summary>Whether keys and values are binary16; else they are floats.</summary>
    public required bool Half { get; init; }

    /// <summary>Whether it is known that no binary16 key or value is an infinity or NaN; saying so makes reading them cheaper and changes no bit.</summary>
    public bool Finite { get; init; }

    /// <summary>[RowCount], each seeing at least one position.</summary>
    public required AttentionRow* Rows { get; init; }

    public required int RowCount { get; init; }

    /// <summary>[heads, headDim] of row 0.</summary>
    public required float* Queries { get; init; }

    /// <summary>Floats from one row of queries to the next.</summary>
    public required long QueryStride { get; init; }

    /// <summary>[heads, headDim] of row 0; must not overlap the queries.</summary>
    public required float* Outputs { get; init; }

    /// <summary>Floats from one row of outputs to the next.</summary>
    public required long OutputStride { get; init; }

    /// <summary>Query heads.</summary>
    public required int Heads { get; init; }

    /// <summary>Elements of a head, any positive number.</summary>
    public required int HeadDim { get; init; }

    /// <summary>Factor on scores, usually 1 ÷ √headDim.</summary>
    public required float Scale { get; init; }

    /// <summary>Where the keys of a chunk's contiguous positions lie, as if slot 0 were here.</summary>
    internal byte* KeysOf(int chunk) => chunk * Attention.Chunk < SharedEnd ? SharedKeys : Keys;

    /// <summary>As <see cref="KeysOf"/>, of values.</summary>
    internal byte* ValuesOf(int chunk) => chunk * Attention.Chunk < SharedEnd ? SharedValues : Values;

    /// <summary>The positions of a chunk that a row sees; empty where To ≤ From.</summary>
    internal (int From, int To) Seen(int row, int chunk) =>
        (Math.Max(Rows[row].First, chunk * Attention.Chunk), Math.Min(Rows[row].End, (chunk + 1) * Attention.Chunk));
}
