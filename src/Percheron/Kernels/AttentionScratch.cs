namespace Percheron.Kernels;

/// <summary>Memory of one thread for one tile. Lines: one for each (row, head), row-major, then empty ones that fill the last tile of the product.</summary>
internal readonly unsafe struct AttentionScratch
{
    /// <summary>Floats of a block of widened keys or values that stays in the first-level cache.</summary>
    private const int WidenedFloats = 4096;

    // A multiple of the page would put all lines into the same few sets of the cache.
    private const int ScoreStride = Attention.Chunk + 16;

    private AttentionScratch(in AttentionTile tile, int lines)
    {
        Lines = lines;
        ValueStride = AttentionLayout.ValueStride(tile.HeadDim);
        Slots = Math.Clamp(WidenedFloats / ValueStride / AttentionLayout.Slots, 1, 8) * AttentionLayout.Slots;
        Shared = int.MaxValue;
        int least = int.MaxValue, most = -1;
        for (int r = 0; r < tile.RowCount; r++) Shared = Math.Min(Shared, tile.Rows[r].Contiguous);
        for (int r = 0; r < tile.RowCount; r++)
        {
            ref AttentionRow row = ref tile.Rows[r];
            if (row.Contiguous > Shared) (least, most) = (Math.Min(least, Shared), Math.Max(most, row.Contiguous - 1));
            for (int i = 0; i < row.TailCount; i++) (least, most) = (Math.Min(least, row.Tail[i]), Math.Max(most, row.Tail[i]));
        }
        if (most < 0) return;
        TailStart = least / AttentionLayout.Slots * AttentionLayout.Slots;
        TailSlots = (most / AttentionLayout.Slots * AttentionLayout.Slots) + AttentionLayout.Slots - TailStart;
    }

    /// <param name="tile">What is computed.</param>
    /// <param name="memory"><see cref="Floats"/> floats.</param>
    /// <param name="tileRows">Lines of a tile of the product.</param>
    public AttentionScratch(in AttentionTile tile, float* memory, int tileRows) : this(in tile, (((tile.RowCount * tile.Heads) + tileRows - 1) / tileRows) * tileRows)
    {
        Queries = memory;
        Widened = Queries + ((long)Lines * tile.HeadDim);
        Partial = Widened + (Slots * ValueStride);
        Sum = Partial + (Lines * PartialStride);
        _scores = Sum + (Lines * PartialStride);
        TailScores = _scores + (Lines * ScoreStride);
    }

    private readonly float* _scores;

    /// <summary>Lines of the tile, the empty ones included.</summary>
    public readonly int Lines;

    /// <summary>Floats of a widened value.</summary>
    public readonly int ValueStride;

    /// <summary>Slots that are widened at once.</summary>
    public readonly int Slots;

    /// <summary>Positions that lie in the same slots for all rows.</summary>
    public readonly int Shared;

    /// <summary>First slot of the scratch area that <see cref="TailScores"/> covers.</summary>
    public readonly int TailStart;

    /// <summary>Slots it covers.</summary>
    public readonly int TailSlots;

    /// <summary>Scaled queries [Lines, headDim].</summary>
    public readonly float* Queries;

    /// <summary>Widened keys or values of some slots.</summary>
    public readonly float* Widened;

    /// <summary>What a chunk contributes [Lines, PartialStride].</summary>
    public readonly float* Partial;

    /// <summary>The chunks so far [Lines, PartialStride].</summary>
    public readonly float* Sum;

    /// <summary>Scores of the positions from <see cref="Shared"/> on, by slot [Lines, TailSlots].</summary>
    public readonly float* TailScores;

    /// <summary>Floats of a line of <see cref="Partial"/>: a weighted sum of values, then the greatest score and the sum of the weights.</summary>
    public int PartialStride => ValueStride + 16;

    /// <summary>Score of a line at the first position of the chunk; the others follow.</summary>
    public float* Scores(int line) => _scores + ((long)line * ScoreStride);

    public int ScoresStride => ScoreStride;

    /// <summary>Floats that a tile of this size needs.</summary>
    public static int Floats(int lines, int headDim, int scratchSlots)
    {
        int stride = AttentionLayout.ValueStride(headDim);
        return ((lines + 3) * (headDim + (2 * (stride + 16)) + ScoreStride + scratchSlots + (2 * AttentionLayout.Slots))) + Math.Max(WidenedFloats, AttentionLayout.Slots * stride) + stride;
    }
}
