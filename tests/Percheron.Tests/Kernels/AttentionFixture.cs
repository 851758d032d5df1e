using Percheron.Kernels;

namespace Percheron.Tests.Kernels;

/// <summary>A random sequence for one key-value head, read sequentially, in tiles, in chunks, or as a prefix and scattered scratch rows.</summary>
public sealed unsafe class AttentionFixture : IDisposable
{
    private const int Queries = 5;

    private readonly int _headDim, _heads, _positions, _element;
    private readonly bool _half;
    private readonly Block _keys, _values, _otherKeys, _otherValues, _query, _output;

    public AttentionFixture(int headDim, int heads, int positions, bool half)
    {
        (_headDim, _heads, _positions, _half, _element) = (headDim, heads, positions, half, half ? 2 : 4);
        Random random = new(headDim + positions);
        int slots = (2 * positions + 2 * AttentionLayout.Slots) / AttentionLayout.Slots * AttentionLayout.Slots;
        long keys = (long)slots * headDim * _element, values = (long)slots * AttentionLayout.ValueStride(headDim) * _element;
        (_keys, _values, _otherKeys, _otherValues) = (new Block(keys, 2), new Block(values), new Block(keys, 4), new Block(values));
        (_query, _output) = (new Block(4 * headDim * heads * Queries, 4), new Block(4 * headDim * heads * Queries));
        for (int i = 0; i < headDim * heads * Queries; i++) _query.Floats[i] = (float)((random.NextDouble() * 4) - 2);
        for (int p = 0; p < positions; p++)
            for (int d = 0; d < headDim; d++)
            {
                Put(_keys, Key(p, d), (float)((random.NextDouble() * 4) - 2));
                Put(_values, Value(p, d), (float)((random.NextDouble() * 2) - 1));
            }
    }

    /// <summary>All positions before <paramref name="end"/> in slots of their number.</summary>
    public float[] Sequential(int end, int first) => Attend([new AttentionRow { First = first, Contiguous = end }], _keys, _values);

    /// <summary>As <see cref="Sequential"/>, each chunk by itself, the last one first.</summary>
    public float[] InChunks(int end, int first)
    {
        AttentionRow row = new() { First = first, Contiguous = end };
        AttentionTile tile = Tile(&row, 1, _keys, _values);
        (int chunk, int count) = Attention.Chunks([row]);
        int floats = Attention.PartialFloats(_heads, _headDim);
        using Block scratch = new(4 * Attention.ScratchFloats(_heads, _headDim, 0)), partials = new(4 * floats * count);
        for (int i = count - 1; i >= 0; i--) Attention.AttendChunk(in tile, chunk + i, scratch.Floats, partials.Floats + (i * floats));
        Attention.Merge(in tile, scratch.Floats, partials.Floats);
        return _output.ToArray(_heads * _headDim);
    }

    /// <summary>Positions from <paramref name="prefix"/> on in scratch rows that lie the other way round, in the same area or, with gaps, in another.</summary>
    public float[] Tree(int prefix, int end, int first, bool overlay) =>
        Attend([Scatter(prefix, end, first, overlay)], overlay ? _otherKeys : _keys, overlay ? _otherValues : _values);

    /// <summary>Rows end … end + 4, each of which sees its predecessors; row 0's query stands for all, so that row i equals <see cref="Sequential"/> of its end.</summary>
    public float[][] Together(int end, int window)
    {
        for (int r = 1; r < Queries; r++) new Span<float>(_query.Floats, _heads * _headDim).CopyTo(new Span<float>(_query.Floats + (r * _heads * _headDim), _heads * _headDim));
        AttentionRow[] rows = [.. Enumerable.Range(end, Queries).Select(e => new AttentionRow { First = Math.Max(0, e - window), Contiguous = e })];
        float[] all = Attend(rows, _keys, _values);
        return [.. Enumerable.Range(0, Queries).Select(r => all.AsSpan(r * _heads * _headDim, _heads * _headDim).ToArray())];
    }

    /// <summary>A row of the tree beside one that sees only the prefix and one that sees less of the tree.</summary>
    public float[] TreeBeside(int prefix, int end, int first, bool overlay)
    {
        AttentionRow tree = Scatter(prefix, end, first, overlay), shorter = tree;
        shorter.TailCount = (end - prefix) / 2;
        float[] all = Attend([new AttentionRow { First = Math.Min(first, prefix - 1), Contiguous = prefix }, shorter with { First = 0 }, tree], overlay ? _otherKeys : _keys, overlay ? _otherValues : _values, query: 2);
        return all[(2 * _heads * _headDim)..];
    }

    public float[] OneHead(int head, int end)
    {
        AttentionRow row = new() { Contiguous = end };
        AttentionTile all = Tile(&row, 1, _keys, _values), tile = all with { Queries = all.Queries + (head * _headDim), Heads = 1 };
        using Block scratch = new(4 * Attention.ScratchFloats(1, _headDim, 0));
        Attention.Attend(in tile, scratch.Floats);
        return _output.ToArray(_headDim);
    }

    public float[] Value(int position) => [.. Enumerable.Range(0, _headDim).Select(d => Get(_values, Value(position, d)))];

    /// <summary>Makes key and value of a position NaN.</summary>
    public void Spoil(int position)
    {
        for (int d = 0; d < _headDim; d++)
        {
            Put(_keys, Key(position, d), float.NaN);
            Put(_values, Value(position, d), float.NaN);
        }
    }

    public double[] Exact(int end, int first)
    {
        double[] output = new double[_heads * _headDim];
        for (int h = 0; h < _heads; h++)
        {
            double[] scores = [.. Enumerable.Range(first, end - first).Select(p => Scale * Enumerable.Range(0, _headDim).Sum(d => (double)Get(_keys, Key(p, d)) * _query.Floats[(h * _headDim) + d]))];
            double max = scores.Max(), sum = scores.Sum(s => Math.Exp(s - max));
            for (int p = first; p < end; p++)
                for (int d = 0; d < _headDim; d++) output[(h * _headDim) + d] += Math.Exp(scores[p - first] - max) / sum * Get(_values, Value(p, d));
        }
        return output;
    }

    public void Dispose()
    {
        foreach (Block block in new[] { _keys, _values, _otherKeys, _otherValues, _query, _output }) block.Dispose();
    }

    private float Scale => 1f / MathF.Sqrt(_headDim);

    private int[] _tail = [];

    private AttentionRow Scatter(int prefix, int end, int first, bool overlay)
    {
        _tail = GC.AllocateArray<int>(end - prefix + 1, pinned: true);
        (Block keys, Block values) = overlay ? (_otherKeys, _otherValues) : (_keys, _values);
        for (int i = 0; i < end - prefix; i++)
        {
            _tail[i] = overlay ? 2 * (end - prefix - i) : _positions + end - prefix - 1 - i;
            for (int d = 0; d < _headDim; d++)
            {
                Put(keys, Key(_tail[i], d), Get(_keys, Key(prefix + i, d)));
                Put(values, Value(_tail[i], d), Get(_values, Value(prefix + i, d)));
            }
        }
        fixed (int* tail = _tail) return new AttentionRow { First = first, Contiguous = prefix, Tail = tail, TailCount = end - prefix };
    }

    // Memory behind the scratch keeps its pattern.
    private float[] Attend(AttentionRow[] rows, Block tailKeys, Block tailValues, int query = -1)
    {
        if (query > 0) new Span<float>(_query.Floats, _heads * _headDim).CopyTo(new Span<float>(_query.Floats + (query * _heads * _headDim), _heads * _headDim));
        int floats = Attention.ScratchFloats(rows.Length * _heads, _headDim, 2 * _positions);
        using Block scratch = new(4 * (floats + 16));
        fixed (AttentionRow* all = rows)
        {
            AttentionTile tile = Tile(all, rows.Length, tailKeys, tailValues);
            Attention.Attend(in tile, scratch.Floats);
        }
        if (new Span<byte>(scratch.Floats + floats, 64).ContainsAnyExcept((byte)0xA5)) throw new InvalidOperationException("more scratch than promised");
        return _output.ToArray(rows.Length * _heads * _headDim);
    }

    private AttentionTile Tile(AttentionRow* rows, int count, Block tailKeys, Block tailValues) => new()
    {
        Keys = _keys.Bytes, Values = _values.Bytes, TailKeys = tailKeys.Bytes, TailValues = tailValues.Bytes, Half = _half, Rows = rows, RowCount = count,
        Queries = _query.Floats, QueryStride = _heads * _headDim, Outputs = _output.Floats, OutputStride = _heads * _headDim, Heads = _heads, HeadDim = _headDim, Scale = Scale,
    };

    private long Key(int slot, int element) => (AttentionLayout.KeyStart(slot, _headDim) + (element * AttentionLayout.Block)) * _element;

    private long Value(int slot, int element) => ((long)slot * AttentionLayout.ValueStride(_headDim) + element) * _element;

    private void Put(Block block, long at, float value)
    {
        if (_half) *(Half*)(block.Bytes + at) = (Half)value;
        else *(float*)(block.Bytes + at) = value;
    }

    private float Get(Block block, long at) => _half ? (float)*(Half*)(block.Bytes + at) : *(float*)(block.Bytes + at);
}
