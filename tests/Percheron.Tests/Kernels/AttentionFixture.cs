using Percheron.Kernels;

namespace Percheron.Tests.Kernels;

/// <summary>A random cache for one key-value head, read sequentially or as a prefix and scattered scratch rows.</summary>
public sealed unsafe class AttentionFixture : IDisposable
{
    private const int Slack = 5;

    private readonly int _headDim, _heads, _positions, _element;
    private readonly long _stride;
    private readonly bool _half;
    private readonly Block _keys, _values, _tailKeys, _tailValues, _rows, _query, _output;

    public AttentionFixture(int headDim, int heads, int positions, bool half)
    {
        (_headDim, _heads, _positions, _half, _element) = (headDim, heads, positions, half, half ? 2 : 4);
        _stride = (headDim + Slack) * _element;
        Random random = new(headDim + positions);
        long bytes = _stride * (positions + 1);
        (_keys, _values, _tailKeys, _tailValues) = (new Block(bytes, 2), new Block(bytes), new Block(2 * bytes, 4), new Block(2 * bytes));
        (_rows, _query, _output) = (new Block(4 * (positions + 1)), new Block(4 * headDim * heads, 4), new Block(4 * headDim * heads));
        for (int i = 0; i < headDim * heads; i++) _query.Floats[i] = (float)((random.NextDouble() * 4) - 2);
        for (int p = 0; p < positions; p++)
            for (int d = 0; d < headDim; d++)
            {
                Put(_keys, p, d, (float)((random.NextDouble() * 4) - 2));
                Put(_values, p, d, (float)((random.NextDouble() * 2) - 1));
            }
    }

    /// <summary>All positions before <paramref name="end"/> in the prefix.</summary>
    public float[] Sequential(int end, int first) => Attend(new AttentionSpan
    {
        Keys = _keys.Bytes, Values = _values.Bytes, Stride = _stride, PrefixLength = end, FirstPosition = first, Half = _half,
    });

    /// <summary>Positions from <paramref name="prefix"/> on in scratch rows that lie in no particular order.</summary>
    public float[] Tree(int prefix, int end, int first)
    {
        int* rows = (int*)_rows.Bytes;
        for (int i = 0; i < end - prefix; i++)
        {
            rows[i] = 2 * (_positions - i);
            Buffer.MemoryCopy(_keys.Bytes + ((prefix + i) * _stride), _tailKeys.Bytes + (rows[i] * _stride), _stride, _headDim * _element);
            Buffer.MemoryCopy(_values.Bytes + ((prefix + i) * _stride), _tailValues.Bytes + (rows[i] * _stride), _stride, _headDim * _element);
        }
        return Attend(new AttentionSpan
        {
            Keys = _keys.Bytes, Values = _values.Bytes, Stride = _stride, PrefixLength = prefix, FirstPosition = first, Half = _half, Finite = _half,
            TailKeys = _tailKeys.Bytes, TailValues = _tailValues.Bytes, TailRows = rows, TailCount = end - prefix,
        });
    }

    public float[] OneHead(int head, int end)
    {
        using Block scores = new(4 * Attention.ScratchFloats(end, 1));
        AttentionSpan span = new() { Keys = _keys.Bytes, Values = _values.Bytes, Stride = _stride, PrefixLength = end, Half = _half };
        Attention.Attend(in span, _query.Floats + (head * _headDim), 1, _headDim, Scale, scores.Floats, _output.Floats);
        return _output.ToArray(_headDim);
    }

    public float[] Value(int position) => [.. Enumerable.Range(0, _headDim).Select(d => Get(_values, position, d))];

    /// <summary>Makes key and value of a position NaN.</summary>
    public void Spoil(int position)
    {
        for (int d = 0; d < _headDim; d++)
        {
            Put(_keys, position, d, float.NaN);
            Put(_values, position, d, float.NaN);
        }
    }

    public double[] Exact(int end, int first)
    {
        double[] output = new double[_heads * _headDim];
        for (int h = 0; h < _heads; h++)
        {
            double[] scores = [.. Enumerable.Range(first, end - first).Select(p => Scale * Enumerable.Range(0, _headDim).Sum(d => (double)Get(_keys, p, d) * _query.Floats[(h * _headDim) + d]))];
            double max = scores.Max(), sum = scores.Sum(s => Math.Exp(s - max));
            for (int p = first; p < end; p++)
                for (int d = 0; d < _headDim; d++) output[(h * _headDim) + d] += Math.Exp(scores[p - first] - max) / sum * Get(_values, p, d);
        }
        return output;
    }

    public void Dispose()
    {
        foreach (Block block in new[] { _keys, _values, _tailKeys, _tailValues, _rows, _query, _output }) block.Dispose();
    }

    private float Scale => 1f / MathF.Sqrt(_headDim);

    private float[] Attend(AttentionSpan span)
    {
        using Block scores = new(4 * Attention.ScratchFloats(span.End - span.FirstPosition, _heads));
        Attention.Attend(in span, _query.Floats, _heads, _headDim, Scale, scores.Floats, _output.Floats);
        return _output.ToArray(_heads * _headDim);
    }

    private void Put(Block block, int position, int element, float value)
    {
        byte* at = block.Bytes + (position * _stride) + (element * _element);
        if (_half) *(Half*)at = (Half)value;
        else *(float*)at = value;
    }

    private float Get(Block block, int position, int element)
    {
        byte* at = block.Bytes + (position * _stride) + (element * _element);
        return _half ? (float)*(Half*)at : *(float*)at;
    }
}
