using System.Runtime.InteropServices;
using Percheron.Formats;

namespace Percheron.Models;

/// <summary>Zeroed native memory that grows by doubling and is freed when disposed of, or at the latest when collected. Pages that are never touched take no memory.</summary>
internal sealed unsafe class NativeBuffer : IDisposable
{
    // One cache line, and the widest vector.
    private const nuint Alignment = 64;
    private byte* _allocated;
    private bool _aligned;

    ~NativeBuffer() => Free();

    /// <summary>First byte; changes when the buffer grows.</summary>
    public byte* Pointer { get; private set; }

    /// <summary>Size in bytes.</summary>
    public long Bytes { get; private set; }

    /// <summary>Memory for data that is written once and then streamed: in large pages where the system has them, contents undefined.</summary>
    /// <exception cref="OutOfMemoryException">There is not that much memory.</exception>
    public static NativeBuffer ForStreaming(long bytes)
    {
        NativeBuffer buffer = new();
        buffer._allocated = buffer.Pointer = (byte*)NativeMemory.AlignedAlloc((nuint)bytes, SystemPages.HugeBytes);
        (buffer._aligned, buffer.Bytes) = (true, bytes);
        SystemPages.PreferHuge(buffer.Pointer, bytes);
        return buffer;
    }

    /// <summary>Gives up the contents where the buffer is smaller than <paramref name="bytes"/>, to become at least that large.</summary>
    public void Reserve(long bytes)
    {
        if (bytes > Bytes) Replace(Math.Max(bytes, 2 * Bytes));
    }

    /// <summary>Gives up the contents and becomes exactly <paramref name="bytes"/> large.</summary>
    public void Replace(long bytes)
    {
        Free();
        _allocated = (byte*)NativeMemory.AllocZeroed((nuint)bytes + Alignment);
        Pointer = (byte*)(((nuint)_allocated + Alignment - 1) / Alignment * Alignment);
        Bytes = bytes;
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (_aligned) NativeMemory.AlignedFree(_allocated);
        else NativeMemory.Free(_allocated);
        _allocated = Pointer = null;
        (Bytes, _aligned) = (0, false);
    }
}
