using System.Runtime.InteropServices;
using Percheron.Formats;
using Percheron.Kernels;

namespace Percheron.Models;

/// <summary>
/// Keys and values of a number of rows in native memory: [layer][key head][keys, values], each as <see cref="AttentionLayout"/> says, so that one head's
/// rows lie one behind the other. It grows by doubling. Rows are numbered from <see cref="First"/> on, so that those before it may lie in another store.
/// </summary>
internal sealed unsafe class KeyValueStore(int layers, int heads, int headSize, bool half, int longest) : IDisposable
{
    private readonly int _element = half ? sizeof(ushort) : sizeof(float), _valueStride = AttentionLayout.ValueStride(headSize);
    private NativeBuffer _buffer = new();

    /// <summary>Number of the first row, a multiple of <see cref="AttentionLayout.Slots"/>.</summary>
    public int First { get; init; }

    /// <summary>Rows there is room for, a multiple of <see cref="AttentionLayout.Slots"/>.</summary>
    public int Capacity { get; private set; }

    public long Bytes => _buffer.Bytes;

    private long RowBytes => (headSize + _valueStride) * _element;

    /// <summary>Keys of a head, as if row 0 were here.</summary>
    public byte* Keys(int layer, int head) => Plane(layer, head) - ((long)First * headSize * _element);

    /// <summary>Values of a head, as if row 0 were here.</summary>
    public byte* Values(int layer, int head) => Plane(layer, head) + ((((long)Capacity * headSize) - ((long)First * _valueStride)) * _element);

    /// <summary>Stores key and value of a row [HeadSize] each.</summary>
    public void Store(int layer, int head, int row, float* key, float* value)
    {
        byte* keys = Keys(layer, head) + AttentionLayout.KeyStart(row, headSize) * _element, values = Values(layer, head) + (long)row * _valueStride * _element;
        if (half)
        {
            Half* halves = stackalloc Half[headSize];
            HalfConversion.ToHalf(new ReadOnlySpan<float>(key, headSize), new Span<Half>(halves, headSize));
            for (int i = 0; i < headSize; i++) ((Half*)keys)[i * AttentionLayout.Block] = halves[i];
            HalfConversion.ToHalf(new ReadOnlySpan<float>(value, headSize), new Span<Half>(values, headSize));
            return;
        }
        for (int i = 0; i < headSize; i++) ((float*)keys)[i * AttentionLayout.Block] = key[i];
        new ReadOnlySpan<float>(value, headSize).CopyTo(new Span<float>(values, headSize));
    }

    /// <summary>Makes room for the rows before <paramref name="end"/> and keeps those before <paramref name="used"/>.</summary>
    /// <exception cref="OutOfMemoryException">There is not that much memory.</exception>
    public void Reserve(int end, int used)
    {
        int rows = end - First;
        if (rows <= Capacity) return;
        const int Granule = AttentionLayout.Slots;
        long wanted = Math.Max(rows, Math.Min(longest - First, Math.Max(Granule, 2L * Capacity)));
        int capacity = (int)((wanted + Granule - 1) / Granule * Granule);
        NativeBuffer grown = new();
        grown.Replace((long)layers * heads * capacity * RowBytes);
        Copy(_buffer, Capacity, grown, capacity, used - First);
        _buffer.Dispose();
        (_buffer, Capacity) = (grown, capacity);
    }

    /// <summary>Copies row <paramref name="from"/> over row <paramref name="to"/> in every layer and head.</summary>
    public void Move(int from, int to)
    {
        for (int layer = 0; layer < layers; layer++)
        {
            for (int head = 0; head < heads; head++)
            {
                byte* keys = Keys(layer, head), values = Values(layer, head);
                if (half) CopyKey((ushort*)keys, from, (ushort*)keys, to);
                else CopyKey((uint*)keys, from, (uint*)keys, to);
                NativeMemory.Copy(values + (long)from * _valueStride * _element, values + (long)to * _valueStride * _element, (nuint)(_valueStride * _element));
            }
        }
    }

    /// <summary>Copies rows of one head of a store of the same shape.</summary>
    /// <param name="other">Whose.</param>
    /// <param name="layer">Layer of both.</param>
    /// <param name="head">Head of both.</param>
    /// <param name="from">First row there.</param>
    /// <param name="to">First row here; there is room.</param>
    /// <param name="rows">How many.</param>
    public void CopyRows(KeyValueStore other, int layer, int head, int from, int to, int rows)
    {
        byte* source = other.Keys(layer, head), target = Keys(layer, head);
        for (int row = 0; row < rows; row++)
        {
            if (half) CopyKey((ushort*)source, from + row, (ushort*)target, to + row);
            else CopyKey((uint*)source, from + row, (uint*)target, to + row);
        }
        long stride = (long)_valueStride * _element;
        NativeMemory.Copy(other.Values(layer, head) + (from * stride), Values(layer, head) + (to * stride), (nuint)(rows * stride));
    }

    /// <summary>Takes the rows [<paramref name="from"/>, <paramref name="to"/>) of a store of the same shape; what was here is lost.</summary>
    /// <param name="other">Whose.</param>
    /// <param name="from">A multiple of <see cref="AttentionLayout.Block"/>.</param>
    /// <param name="to">One past the last.</param>
    public void CopyFrom(KeyValueStore other, int from, int to)
    {
        Reserve(to, First);
        // Keys in whole blocks, so that slots behind the last row are copied too.
        long keyBytes = (long)headSize * _element, valueBytes = (long)_valueStride * _element, keys = (to - from + AttentionLayout.Block - 1) / AttentionLayout.Block * AttentionLayout.Block;
        for (int layer = 0; from < to && layer < layers; layer++)
            for (int head = 0; head < heads; head++)
            {
                NativeMemory.Copy(other.Keys(layer, head) + (from * keyBytes), Keys(layer, head) + (from * keyBytes), (nuint)(keys * keyBytes));
                NativeMemory.Copy(other.Values(layer, head) + (from * valueBytes), Values(layer, head) + (from * valueBytes), (nuint)((to - from) * valueBytes));
            }
    }

    public void Dispose()
    {
        _buffer.Dispose();
        Capacity = 0;
    }

    private byte* Plane(int layer, int head) => _buffer.Pointer + (((long)layer * heads) + head) * Capacity * RowBytes;

    // The first rows of every head; keys in whole blocks, so that slots behind the last row are copied too.
    private void Copy(NativeBuffer source, int sourceCapacity, NativeBuffer target, int targetCapacity, int rows)
    {
        long blocks = (rows + AttentionLayout.Block - 1) / AttentionLayout.Block, keyBytes = (long)headSize * _element, valueBytes = (long)_valueStride * _element;
        for (long plane = 0; rows > 0 && plane < (long)layers * heads; plane++)
        {
            byte* from = source.Pointer + plane * sourceCapacity * RowBytes, to = target.Pointer + plane * targetCapacity * RowBytes;
            NativeMemory.Copy(from, to, (nuint)(blocks * AttentionLayout.Block * keyBytes));
            NativeMemory.Copy(from + sourceCapacity * keyBytes, to + targetCapacity * keyBytes, (nuint)(rows * valueBytes));
            // A cache that grows is never in memory twice.
            SystemPages.Forget(from, sourceCapacity * RowBytes);
        }
    }

    private void CopyKey<T>(T* keys, int from, T* copies, int to)
        where T : unmanaged
    {
        T* source = keys + AttentionLayout.KeyStart(from, headSize), target = copies + AttentionLayout.KeyStart(to, headSize);
        for (int i = 0; i < headSize; i++) target[i * AttentionLayout.Block] = source[i * AttentionLayout.Block];
    }
}
