namespace Percheron.Kernels;

/// <summary>First pass: dot products of scaled queries and keys, one chain of FMAs over the elements of the head for each.</summary>
internal static unsafe class AttentionScores<TLanes, TStored>
    where TLanes : unmanaged, ILanes<TLanes>
    where TStored : struct, IFloatWeights
{
    /// <summary>Scores of the positions of a chunk; slots of the score lines that no row sees hold anything.</summary>
    public static void Fill(in AttentionTile tile, in AttentionScratch scratch, int chunk)
    {
        int origin = chunk * Attention.Chunk, from = int.MaxValue, end = 0;
        for (int r = 0; r < tile.RowCount; r++)
        {
            (int seen, int to) = tile.Seen(r, chunk);
            (from, end) = (Math.Min(from, seen), Math.Max(end, to));
        }
        from = from / AttentionLayout.Slots * AttentionLayout.Slots;
        Slots(in tile, in scratch, tile.KeysOf(chunk), from, Math.Min(end, scratch.Shared), scratch.Scores(0) - origin + from, scratch.ScoresStride);
        if (end <= scratch.Shared) return;
        Slots(in tile, in scratch, tile.TailKeys, scratch.TailStart, scratch.TailStart + scratch.TailSlots, scratch.TailScores, scratch.TailSlots);
        for (int r = 0; r < tile.RowCount; r++) Gather(in tile, in scratch, r, chunk);
    }

    private static void Slots(in AttentionTile tile, in AttentionScratch scratch, byte* keys, int from, int to, float* scores, nint stride)
    {
        AttentionOperands o = new()
        {
            A = scratch.Queries, AStride = tile.HeadDim, C = scores, CStride = stride, Step = AttentionLayout.Block, Vector = tile.HeadDim * AttentionLayout.Block, Depth = tile.HeadDim,
        };
        for (; from < to; from += scratch.Slots, o.C += scratch.Slots)
        {
            int slots = Math.Min(scratch.Slots, (to - from + AttentionLayout.Slots - 1) / AttentionLayout.Slots * AttentionLayout.Slots);
            o.B = Widening<TLanes, TStored>.Run(keys + ((long)from * tile.HeadDim * TStored.Bytes), slots * tile.HeadDim, scratch.Widened);
            o.Vectors = slots / 16;
            AttentionProduct<TLanes>.Run(in o, 0, scratch.Lines);
        }
    }

    // The positions that rows do not share, from the order of slots into that of positions.
    private static void Gather(in AttentionTile tile, in AttentionScratch scratch, int r, int chunk)
    {
        ref AttentionRow row = ref tile.Rows[r];
        (int from, int to) = tile.Seen(r, chunk);
        int origin = chunk * Attention.Chunk;
        for (int h = 0; h < tile.Heads; h++)
        {
            int line = (r * tile.Heads) + h;
            float* scores = scratch.Scores(line) - origin, bySlot = scratch.TailScores + ((long)line * scratch.TailSlots) - scratch.TailStart;
            for (int p = Math.Max(from, scratch.Shared); p < to; p++) scores[p] = bySlot[p < row.Contiguous ? p : row.Tail[p - row.Contiguous]];
        }
    }
}
