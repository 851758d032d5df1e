using Percheron.Kernels;

namespace Percheron.Models;

/// <summary>Memory larger than any cache that a team reads from end to end, to time what the memory gives.</summary>
internal sealed unsafe class ReadProbe : IWork, IDisposable
{
    private const long Piece = 1 << 20;
    private readonly NativeBuffer _buffer;
    private ulong _seen;

    /// <param name="bytes">Rounded down to whole MiB, one at least.</param>
    public ReadProbe(long bytes = 256 << 20)
    {
        Bytes = Math.Max(1, bytes / Piece) * Piece;
        _buffer = NativeBuffer.ForStreaming(Bytes);
        // Pages that were never written are all one and the same, which lies in the cache.
        Parallel.For(0, Bytes / Piece, piece => new Span<byte>(_buffer.Pointer + (piece * Piece), (int)Piece).Fill((byte)(piece + 1)));
    }

    /// <summary>What one run reads.</summary>
    public long Bytes { get; }

    /// <inheritdoc/>
    public void Execute(int part, int parts, int thread)
    {
        long pieces = Bytes / Piece, from = pieces * part / parts, to = pieces * (part + 1) / parts;
        // Used, so that it is not optimized away.
        Volatile.Write(ref _seen, MemoryRead.Fold(_buffer.Pointer + (from * Piece), (to - from) * Piece));
    }

    public void Dispose() => _buffer.Dispose();
}
