namespace Percheron.Models.Stages;

/// <summary>What one thread does of a layer's attention: some rows of one sequence, heads of one key head, and all their chunks of positions or one of them.</summary>
internal struct AttentionUnit
{
    /// <summary>First row, and how many.</summary>
    public int Row, Rows;

    /// <summary>The key head; the first of its query heads, counted within its group, and how many.</summary>
    public int KeyHead, Head, Heads;

    /// <summary>The only chunk to do; −1 for all.</summary>
    public int Chunk;

    /// <summary>Where the chunk's contribution goes, and that of the first chunk of the same rows and heads.</summary>
    public long Partial, FirstPartial;

    /// <summary>Which counter tells how many chunks of the same rows and heads are left.</summary>
    public int Left;
}
