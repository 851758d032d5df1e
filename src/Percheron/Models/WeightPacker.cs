using Percheron.Formats;

namespace Percheron.Models;

/// <summary>
/// Copies matrices from the mapped file into their packed form, slice by slice; the pages of a slice are let go as soon as it is packed, so that hardly any weight is in
/// memory twice, not even for a moment. All packed matrices lie in one piece of memory.
/// </summary>
internal sealed unsafe class WeightPacker
{
    /// <summary>Stored bytes of a slice: enough to be worth a system call, little beside a model.</summary>
    private const long SliceBytes = 1 << 20;

    private readonly List<(WeightMatrix Matrix, long Offset)> _matrices = [];
    private readonly List<(WeightMatrix Matrix, long Offset, int From, int Count)> _slices = [];

    /// <param name="matrices">Those without a packed form are passed over, and none is packed twice.</param>
    public WeightPacker(IEnumerable<WeightMatrix> matrices)
    {
        foreach (WeightMatrix matrix in matrices.Distinct())
        {
            long packed = matrix.PackedBytes(matrix.Outputs);
            if (packed == 0 || matrix.IsPacked) continue;
            StoredBytes += matrix.Bytes;
            _matrices.Add((matrix, Bytes));
            int step = (int)Math.Max(1, SliceBytes * matrix.Outputs / matrix.Bytes / WeightMatrix.PackedRows) * WeightMatrix.PackedRows;
            for (int from = 0; from < matrix.Outputs; from += step) _slices.Add((matrix, Bytes, from, Math.Min(step, matrix.Outputs - from)));
            // Every matrix begins at a cache line.
            Bytes += (packed + 63) & ~63L;
        }
    }

    /// <summary>Size of all packed matrices together.</summary>
    public long Bytes { get; }

    /// <summary>Size of the same matrices as they are stored.</summary>
    public long StoredBytes { get; }

    /// <summary>Packs everything.</summary>
    /// <param name="threads">That share the work.</param>
    /// <param name="time">Tells whether large pages are at hand.</param>
    /// <exception cref="OutOfMemoryException">There is not that much memory.</exception>
    public void Run(int threads, TimeProvider time)
    {
        if (_matrices.Count == 0) return;
        NativeBuffer memory = NativeBuffer.ForStreaming(Bytes);
        LargePages pages = new(memory, time);
        Parallel.ForEach(_slices, new ParallelOptions { MaxDegreeOfParallelism = threads }, slice =>
        {
            byte* stored = slice.Matrix.Stored(slice.From);
            pages.Touch(slice.Offset + slice.Matrix.PackedBytes(slice.From), slice.Matrix.PackedBytes(slice.Count));
            slice.Matrix.Pack(memory.Pointer + slice.Offset, slice.From, slice.Count);
            SystemPages.Forget(stored, slice.Matrix.Stored(slice.From + slice.Count) - stored);
        });
        foreach ((WeightMatrix matrix, long offset) in _matrices)
        {
            matrix.Use(memory, memory.Pointer + offset);
            // Pages that two slices share, and those the system mapped on its own beside a wanted one.
            SystemPages.Forget(matrix.Stored(0), matrix.Bytes);
        }
    }
}
