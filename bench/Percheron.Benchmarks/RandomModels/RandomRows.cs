using Percheron.Formats;

namespace Percheron.Benchmarks.RandomModels;

/// <summary>Rows of normal numbers with variance 1 / columns, already encoded: windows into one pool of blocks, each row at a place of its own.</summary>
/// <remarks>Encoding is what writing a model costs; products do not care that rows share blocks, and no two rows of a matrix begin at the same block.</remarks>
internal sealed class RandomRows
{
    private const int Chunk = 1 << 16;
    private readonly byte[] _pool;
    private readonly int _rowBytes;
    private readonly int _blockBytes;
    private readonly int _places;

    /// <param name="type">Storage.</param>
    /// <param name="columns">Elements of a row.</param>
    /// <param name="rows">Rows of the largest matrix that will be asked for.</param>
    /// <param name="seed">Of the numbers.</param>
    public RandomRows(TensorType type, int columns, long rows, int seed)
    {
        // A step of a whole cache line at least would be wasted on F16: 32 elements are a block there too.
        int block = Math.Max(32, BlockCodec.BlockSize(type));
        _blockBytes = (int)BlockCodec.RowBytes(type, block);
        _rowBytes = (int)BlockCodec.RowBytes(type, columns);
        _places = (int)Math.Max(rows, 4096);
        long elements = (((long)_places * block) + columns + Chunk - 1) / Chunk * Chunk;
        _pool = new byte[BlockCodec.RowBytes(type, elements)];
        int chunkBytes = (int)BlockCodec.RowBytes(type, Chunk);
        Parallel.For(0, (int)(elements / Chunk), chunk =>
        {
            float[] values = new float[Chunk];
            FillNormal(values, new Random(HashCode.Combine(seed, chunk) & int.MaxValue), 1 / Math.Sqrt(columns));
            BlockCodec.Encode(type, values, _pool.AsSpan(chunk * chunkBytes, chunkBytes));
        });
    }

    /// <summary>Writes <paramref name="rows"/> rows; another <paramref name="start"/> gives another order.</summary>
    public void Write(Stream stream, long rows, int start)
    {
        byte[] buffer = new byte[Math.Max(1, (1 << 20) / _rowBytes) * _rowBytes];
        int filled = 0;
        // An odd prime step visits every place once before it repeats one.
        long place = start % _places;
        for (long row = 0; row < rows; row++)
        {
            _pool.AsSpan((int)place * _blockBytes, _rowBytes).CopyTo(buffer.AsSpan(filled));
            filled += _rowBytes;
            place = (place + 7919) % _places;
            if (filled < buffer.Length && row < rows - 1) continue;
            stream.Write(buffer, 0, filled);
            filled = 0;
        }
    }

    /// <summary>Normal numbers in pairs, by Box and Muller.</summary>
    public static void FillNormal(Span<float> values, Random random, double deviation)
    {
        for (int i = 0; i < values.Length; i += 2)
        {
            double radius = deviation * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
            (double sin, double cos) = Math.SinCos(2 * Math.PI * random.NextDouble());
            values[i] = (float)(radius * cos);
            if (i + 1 < values.Length) values[i + 1] = (float)(radius * sin);
        }
    }
}
