namespace Percheron.Kernels;

/// <summary>Adds chunks up, oldest first: both sides are brought to the greater of the two greatest scores.</summary>
/// <remarks>Source: Milakov and Gimelshein 2018, "Online normalizer calculation for softmax", section 3.</remarks>
internal static unsafe class AttentionSum<TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    /// <summary>Nothing yet.</summary>
    public static void Clear(in AttentionScratch scratch)
    {
        for (int line = 0; line < scratch.Lines; line++)
        {
            float* sum = scratch.Sum + ((long)line * scratch.PartialStride);
            new Span<float>(sum, scratch.PartialStride).Clear();
            sum[scratch.ValueStride] = float.NegativeInfinity;
        }
    }

    /// <summary>Adds one chunk, for the rows that see something of it.</summary>
    /// <param name="tile">The tile.</param>
    /// <param name="scratch">Holds the sum.</param>
    /// <param name="chunk">Number of the chunk.</param>
    /// <param name="partial">[lines, PartialStride].</param>
    public static void Add(in AttentionTile tile, in AttentionScratch scratch, int chunk, float* partial)
    {
        for (int r = 0; r < tile.RowCount; r++)
        {
            (int from, int to) = tile.Seen(r, chunk);
            if (from >= to) continue;
            for (int h = 0; h < tile.Heads; h++)
            {
                long at = ((long)(r * tile.Heads) + h) * scratch.PartialStride;
                Add(scratch.Sum + at, partial + at, scratch.ValueStride);
            }
        }
    }

    /// <summary>Divides by the sum of the weights.</summary>
    public static void Finish(in AttentionTile tile, in AttentionScratch scratch)
    {
        int whole = tile.HeadDim & ~15, rest = tile.HeadDim & 15;
        for (int r = 0; r < tile.RowCount; r++)
        {
            for (int h = 0; h < tile.Heads; h++)
            {
                float* sum = scratch.Sum + (((long)(r * tile.Heads) + h) * scratch.PartialStride), output = tile.Outputs + (r * tile.OutputStride) + (h * tile.HeadDim);
                TLanes total = TLanes.Broadcast(sum[scratch.ValueStride + 1]);
                for (int i = 0; i < whole; i += 16) TLanes.Store(TLanes.Divide(TLanes.Load(sum + i), total), output + i);
                if (rest > 0) Partial.Store(TLanes.Divide(TLanes.Load(sum + whole), total), output + whole, rest);
            }
        }
    }

    private static void Add(float* sum, float* partial, int values)
    {
        float most = Math.Max(sum[values], partial[values]), shift = float.IsNegativeInfinity(most) ? 0 : most;
        float keep = Exponential.Of(sum[values] - shift), take = Exponential.Of(partial[values] - shift);
        TLanes a = TLanes.Broadcast(keep), b = TLanes.Broadcast(take);
        for (int i = 0; i < values; i += 16) TLanes.Store(TLanes.Fma(TLanes.Load(sum + i), a, TLanes.Multiply(TLanes.Load(partial + i), b)), sum + i);
        sum[values + 1] = MathF.FusedMultiplyAdd(sum[values + 1], keep, partial[values + 1] * take);
        sum[values] = most;
    }
}
