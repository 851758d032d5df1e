using System.Runtime.InteropServices;

namespace Percheron.Models;

/// <summary>
/// Keys and values of a number of rows in native memory: [layer][keys, values][key head][row][HeadSize], so that one head's rows lie one behind the
/// other. It grows by doubling.
/// </summary>
internal sealed unsafe class KeyValueStore(int layers, int heads, int rowBytes, int longest) : IDisposable
{
    private const int FewestRows = 32;
    private NativeBuffer _buffer = new();

    /// <summary>Rows there is room for.</summary>
    public int Capacity { get; private set; }

    /// <summary>Bytes of one row of one head.</summary>
    public int RowBytes { get; } = rowBytes;

    public long Bytes => _buffer.Bytes;

    public byte* Keys(int layer, int head) => _buffer.Pointer + Plane(layer, head, values: false) * Capacity * RowBytes;

    public byte* Values(int layer, int head) => _buffer.Pointer + Plane(layer, head, values: true) * Capacity * RowBytes;

    /// <summary>Makes room for <paramref name="rows"/> rows and keeps the first <paramref name="used"/>.</summary>
    /// <exception cref="OutOfMemoryException">There is not that much memory.</exception>
    public void Reserve(int rows, int used)
    {
        if (rows <= Capacity) return;
        int capacity = (int)Math.Max(rows, Math.Min(longest, Math.Max(FewestRows, 2L * Capacity)));
        NativeBuffer grown = new();
        long planes = 2L * layers * heads;
        grown.Replace(planes * capacity * RowBytes);
        for (long plane = 0; used > 0 && plane < planes; plane++)
        {
            NativeMemory.Copy(_buffer.Pointer + plane * Capacity * RowBytes, grown.Pointer + plane * capacity * RowBytes, (nuint)((long)used * RowBytes));
        }
        _buffer.Dispose();
        (_buffer, Capacity) = (grown, capacity);
    }

    /// <summary>Copies row <paramref name="from"/> over row <paramref name="to"/> in every layer and head.</summary>
    public void Move(int from, int to)
    {
        for (long plane = 0; plane < 2L * layers * heads; plane++)
        {
            byte* rows = _buffer.Pointer + plane * Capacity * RowBytes;
            NativeMemory.Copy(rows + (long)from * RowBytes, rows + (long)to * RowBytes, (nuint)RowBytes);
        }
    }

    /// <summary>Takes the first rows of a store of the same shape; what was here is lost.</summary>
    public void CopyFrom(KeyValueStore other, int rows)
    {
        Reserve(rows, 0);
        for (long plane = 0; rows > 0 && plane < 2L * layers * heads; plane++)
            NativeMemory.Copy(other._buffer.Pointer + plane * other.Capacity * RowBytes, _buffer.Pointer + plane * Capacity * RowBytes, (nuint)((long)rows * RowBytes));
    }

    public void Dispose()
    {
        _buffer.Dispose();
        Capacity = 0;
    }

    private long Plane(int layer, int head, bool values) => (2L * layer + (values ? 1 : 0)) * heads + head;
}
