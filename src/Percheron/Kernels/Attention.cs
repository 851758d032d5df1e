namespace Percheron.Kernels;

/// <summary>
/// Softmax attention: output = Σ softmax(q · key · scale) · value, for query rows of one sequence and heads that share a key-value head.
/// Source: Vaswani et al. 2017, section 3.2.1; grouped heads: Ainslie et al. 2023; in chunks: Dao et al. 2022 (FlashAttention), section 3.1.
/// </summary>
/// <remarks>
/// Positions are cut into chunks at multiples of <see cref="Chunk"/>, whatever row looks at them. Within a chunk a score is one chain of FMAs over the head, the
/// greatest is exact, weights are summed with lane = position mod 16, and values are added position by position; chunks are added up oldest first. So neither
/// where a position is stored, nor the rows and heads beside, nor which thread does which chunk changes a bit.
/// </remarks>
public static unsafe class Attention
{
    /// <summary>Positions of a chunk.</summary>
    public const int Chunk = 512;

    /// <summary>Floats of scratch for a tile.</summary>
    /// <param name="lines">Its rows × heads.</param>
    /// <param name="headDim">Elements of a head.</param>
    /// <param name="scratchSlots">Slots among which the tails of its rows, and contiguous positions that not all rows share, may lie.</param>
    public static int ScratchFloats(int lines, int headDim, int scratchSlots) => AttentionScratch.Floats(lines, headDim, scratchSlots);

    /// <summary>Floats of what one chunk contributes to a tile.</summary>
    public static int PartialFloats(int lines, int headDim) => ((lines + 3) & ~3) * (AttentionLayout.ValueStride(headDim) + 16);

    /// <summary>The chunks of positions that rows see: the number of the first, and how many there are up to the last.</summary>
    public static (int First, int Count) Chunks(ReadOnlySpan<AttentionRow> rows)
    {
        int first = int.MaxValue, end = 0;
        foreach (ref readonly AttentionRow row in rows) (first, end) = (Math.Min(first, row.First), Math.Max(end, row.End));
        return (first / Chunk, ((end - 1) / Chunk) - (first / Chunk) + 1);
    }

    /// <summary>Computes a tile.</summary>
    /// <param name="tile">What is computed.</param>
    /// <param name="scratch">Scratch of <see cref="ScratchFloats"/> floats; overwritten.</param>
    public static void Attend(in AttentionTile tile, float* scratch) => Choose<Whole>(in tile, 0, scratch, null);

    /// <summary>Computes what one of the tile's chunks contributes.</summary>
    /// <param name="tile">What is computed.</param>
    /// <param name="chunk">Number of the chunk.</param>
    /// <param name="scratch">Scratch of <see cref="ScratchFloats"/> floats; overwritten.</param>
    /// <param name="partial">[<see cref="PartialFloats"/>], written.</param>
    public static void AttendChunk(in AttentionTile tile, int chunk, float* scratch, float* partial) => Choose<Part>(in tile, chunk, scratch, partial);

    /// <summary>Computes the tile from what all its chunks contribute: the bits of <see cref="Attend"/>.</summary>
    /// <param name="tile">What is computed.</param>
    /// <param name="scratch">Scratch of <see cref="ScratchFloats"/> floats; overwritten.</param>
    /// <param name="partials">[chunks, <see cref="PartialFloats"/>].</param>
    public static void Merge(in AttentionTile tile, float* scratch, float* partials) => Choose<Together>(in tile, 0, scratch, partials);

    private static void Choose<TStep>(in AttentionTile tile, int chunk, float* memory, float* partial)
        where TStep : struct, IStep
    {
        switch (InstructionSet.Active)
        {
            case InstructionLevel.Avx512: Choose<TStep, Lanes512>(in tile, chunk, memory, partial); break;
            case InstructionLevel.Avx2: Choose<TStep, Lanes256>(in tile, chunk, memory, partial); break;
            case InstructionLevel.AdvSimd: Choose<TStep, Lanes128>(in tile, chunk, memory, partial); break;
            default: Choose<TStep, LanesScalar>(in tile, chunk, memory, partial); break;
        }
    }

    private static void Choose<TStep, TLanes>(in AttentionTile tile, int chunk, float* memory, float* partial)
        where TStep : struct, IStep
        where TLanes : unmanaged, ILanes<TLanes>
    {
        AttentionScratch scratch = new(in tile, memory, TLanes.TileRows);
        if (tile.Half && tile.Finite) TStep.Run<TLanes, StoredFiniteHalf>(in tile, in scratch, chunk, partial);
        else if (tile.Half) TStep.Run<TLanes, StoredHalf>(in tile, in scratch, chunk, partial);
        else TStep.Run<TLanes, StoredSingle>(in tile, in scratch, chunk, partial);
    }

    private static void Contribute<TLanes, TStored>(in AttentionTile tile, in AttentionScratch scratch, int chunk, float* partial)
        where TLanes : unmanaged, ILanes<TLanes>
        where TStored : struct, IFloatWeights
    {
        AttentionScores<TLanes, TStored>.Fill(in tile, in scratch, chunk);
        new Span<float>(partial, scratch.Lines * scratch.PartialStride).Clear();
        for (int r = 0; r < tile.RowCount; r++)
        {
            (int from, int to) = tile.Seen(r, chunk);
            if (from >= to) continue;
            for (int h = 0; h < tile.Heads; h++)
            {
                int line = (r * tile.Heads) + h;
                AttentionWeights<TLanes>.Apply(scratch.Scores(line), from - (chunk * Chunk), to - (chunk * Chunk), partial + ((long)line * scratch.PartialStride) + scratch.ValueStride);
            }
        }
        AttentionValues<TLanes, TStored>.Add(in tile, in scratch, chunk, partial);
    }

    private static void ScaleQueries(in AttentionTile tile, in AttentionScratch scratch)
    {
        float* target = scratch.Queries;
        for (int r = 0; r < tile.RowCount; r++)
        {
            float* q = tile.Queries + (r * tile.QueryStride);
            for (int i = 0; i < tile.Heads * tile.HeadDim; i++) *target++ = q[i] * tile.Scale;
        }
        new Span<float>(target, (int)(scratch.Queries + ((long)scratch.Lines * tile.HeadDim) - target)).Clear();
    }

    private interface IStep
    {
        static abstract void Run<TLanes, TStored>(in AttentionTile tile, in AttentionScratch scratch, int chunk, float* partial)
            where TLanes : unmanaged, ILanes<TLanes>
            where TStored : struct, IFloatWeights;
    }

    private readonly struct Whole : IStep
    {
        public static void Run<TLanes, TStored>(in AttentionTile tile, in AttentionScratch scratch, int chunk, float* partial)
            where TLanes : unmanaged, ILanes<TLanes>
            where TStored : struct, IFloatWeights
        {
            ScaleQueries(in tile, in scratch);
            AttentionSum<TLanes>.Clear(in scratch);
            (int first, int count) = Chunks(new ReadOnlySpan<AttentionRow>(tile.Rows, tile.RowCount));
            for (chunk = first; chunk < first + count; chunk++)
            {
                Contribute<TLanes, TStored>(in tile, in scratch, chunk, scratch.Partial);
                AttentionSum<TLanes>.Add(in tile, in scratch, chunk, scratch.Partial);
            }
            AttentionSum<TLanes>.Finish(in tile, in scratch);
        }
    }

    private readonly struct Part : IStep
    {
        public static void Run<TLanes, TStored>(in AttentionTile tile, in AttentionScratch scratch, int chunk, float* partial)
            where TLanes : unmanaged, ILanes<TLanes>
            where TStored : struct, IFloatWeights
        {
            ScaleQueries(in tile, in scratch);
            Contribute<TLanes, TStored>(in tile, in scratch, chunk, partial);
        }
    }

    private readonly struct Together : IStep
    {
        public static void Run<TLanes, TStored>(in AttentionTile tile, in AttentionScratch scratch, int chunk, float* partial)
            where TLanes : unmanaged, ILanes<TLanes>
            where TStored : struct, IFloatWeights
        {
            AttentionSum<TLanes>.Clear(in scratch);
            (int first, int count) = Chunks(new ReadOnlySpan<AttentionRow>(tile.Rows, tile.RowCount));
            for (int i = 0; i < count; i++, partial += PartialFloats(tile.RowCount * tile.Heads, tile.HeadDim)) AttentionSum<TLanes>.Add(in tile, in scratch, first + i, partial);
            AttentionSum<TLanes>.Finish(in tile, in scratch);
        }
    }
}
