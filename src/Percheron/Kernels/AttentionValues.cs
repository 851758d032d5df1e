using System.Runtime.CompilerServices;

namespace Percheron.Kernels;

/// <summary>Third pass: the weighted sum of the values of a chunk. Each element is one chain of FMAs in position order.</summary>
internal static unsafe class AttentionValues<TLanes, TStored>
    where TLanes : unmanaged, ILanes<TLanes>
    where TStored : struct, IFloatWeights
{
    /// <summary>Adds to <paramref name="sums"/> [Lines, PartialStride]. Positions that all rows see come in one product; what a row sees before and behind them it adds alone.</summary>
    public static void Add(in AttentionTile tile, in AttentionScratch scratch, int chunk, float* sums)
    {
        int origin = chunk * Attention.Chunk, to = Math.Min(scratch.Shared, origin + Attention.Chunk), from = 0;
        for (int r = 0; r < tile.RowCount; r++) from = Math.Max(from, tile.Seen(r, chunk).From);
        byte* values = tile.ValuesOf(chunk);
        AttentionOperands o = new()
        {
            A = scratch.Scores(0) - origin, AStride = scratch.ScoresStride, C = sums, CStride = scratch.PartialStride,
            Step = scratch.ValueStride, Vector = 16, Vectors = scratch.ValueStride / 16, Adds = true,
        };
        for (int r = 0; r < tile.RowCount; r++) Alone(in tile, in scratch, o, values, r, tile.Seen(r, chunk).From, Math.Min(from, to));
        float* weights = o.A;
        for (int at = from; at < to; at += scratch.Slots)
        {
            o.Depth = Math.Min(scratch.Slots, to - at);
            o.A = weights + at;
            o.B = Widening<TLanes, TStored>.Run(values + ((long)at * scratch.ValueStride * TStored.Bytes), o.Depth * scratch.ValueStride, scratch.Widened);
            AttentionProduct<TLanes>.Run(in o, 0, scratch.Lines);
        }
        o.A = weights;
        for (int r = 0; r < tile.RowCount; r++)
        {
            (int seen, int end) = tile.Seen(r, chunk);
            Alone(in tile, in scratch, o, values, r, Math.Max(seen, scratch.Shared), end);
        }
    }

    private static void Alone(in AttentionTile tile, in AttentionScratch scratch, AttentionOperands o, byte* values, int r, int from, int to)
    {
        ref AttentionRow row = ref tile.Rows[r];
        float* weights = o.A;
        o.B = scratch.Widened;
        while (from < to)
        {
            o.A = weights + from;
            o.Depth = 0;
            for (; from < to && o.Depth < scratch.Slots; from++, o.Depth++)
            {
                byte* value = from < scratch.Shared ? values : tile.TailValues;
                value += (long)(from < row.Contiguous ? from : row.Tail[from - row.Contiguous]) * scratch.ValueStride * TStored.Bytes;
                Copy(value, o.B + (o.Depth * scratch.ValueStride), scratch.ValueStride);
            }
            AttentionProduct<TLanes>.Run(in o, r * tile.Heads, tile.Heads);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(byte* value, float* target, int count)
    {
        for (nint i = 0; i < count; i += 16) TLanes.Store(TStored.Load<TLanes>(value + (i * TStored.Bytes)), target + i);
    }
}
