using System.Runtime.InteropServices;

namespace Percheron.Models;

/// <summary>Zeroed native memory that grows by doubling and is freed when disposed of, or at the latest when collected.</summary>
internal sealed unsafe class NativeBuffer : IDisposable
{
    // One cache line, and the widest vector.
    private const nuint Alignment = 64;
    private byte* _pointer;

    ~NativeBuffer() => Free();

    /// <summary>First byte; changes when the buffer grows.</summary>
    public byte* Pointer => _pointer;

    /// <summary>Size in bytes.</summary>
    public long Bytes { get; private set; }

    /// <summary>Gives up the contents where the buffer is smaller than <paramref name="bytes"/>, to become at least that large.</summary>
    public void Reserve(long bytes)
    {
        if (bytes > Bytes) Replace(Math.Max(bytes, 2 * Bytes));
    }

    /// <summary>Gives up the contents and becomes exactly <paramref name="bytes"/> large.</summary>
    public void Replace(long bytes)
    {
        Free();
        _pointer = (byte*)NativeMemory.AlignedAlloc((nuint)bytes, Alignment);
        NativeMemory.Clear(_pointer, (nuint)bytes);
        Bytes = bytes;
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.AlignedFree(_pointer);
        _pointer = null;
        Bytes = 0;
    }
}
