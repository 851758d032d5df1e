using System.Buffers.Binary;

namespace Percheron.Formats;

/// <summary>Writes a <see cref="CorpusIndex"/>: tokens first, as they come, then the places, sorted shard by shard, so that memory is bounded by one shard whatever the corpus.</summary>
/// <remarks>A shard of 2^25 places needs 128 MB for the places and twice or four times its number in bytes for tokens.</remarks>
public sealed class CorpusIndexWriter
{
    /// <summary>Places sorted together unless something else is asked for.</summary>
    public const int DefaultShard = 1 << 26;

    private readonly Stream _stream;
    private readonly int _vocab, _width, _shard;
    private readonly ulong _fingerprint;
    private readonly byte[] _buffer = new byte[1 << 16];
    private long _count;

    /// <param name="stream">Receives the index from its beginning; it must be readable, writable and seekable. Not closed here.</param>
    /// <param name="vocab">Number of tokens of the vocabulary.</param>
    /// <param name="fingerprint">See <see cref="CorpusIndex.Fingerprint"/>.</param>
    /// <param name="shardPlaces">Places sorted together: more make faster searches and need more memory to build.</param>
    public CorpusIndexWriter(Stream stream, int vocab, ulong fingerprint = 0, int shardPlaces = DefaultShard)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(vocab, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(shardPlaces, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(shardPlaces, 1 << 28);
        (_stream, _vocab, _fingerprint, _shard) = (stream, vocab, fingerprint, shardPlaces);
        // One more number than tokens: the one that ends a document.
        _width = vocab < ushort.MaxValue ? 2 : 4;
        _stream.SetLength(0);
        _stream.Write(_buffer, 0, CorpusIndex.HeaderBytes + CorpusIndex.Padding);
    }

    /// <summary>Adds tokens of the corpus.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A token is not of the vocabulary.</exception>
    public void Append(ReadOnlySpan<int> tokens)
    {
        while (!tokens.IsEmpty)
        {
            int count = Math.Min(tokens.Length, _buffer.Length / _width);
            for (int i = 0; i < count; i++)
            {
                if ((uint)tokens[i] > (uint)_vocab) throw new ArgumentOutOfRangeException(nameof(tokens), $"token {tokens[i]} is not one of the {_vocab} of the vocabulary");
                if (_width == 2) BinaryPrimitives.WriteUInt16LittleEndian(_buffer.AsSpan(2 * i), (ushort)tokens[i]);
                else BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(4 * i), tokens[i]);
            }
            _stream.Write(_buffer, 0, count * _width);
            tokens = tokens[count..];
            _count += count;
        }
    }

    /// <summary>Ends a document: nothing is copied across this place.</summary>
    public void EndDocument() => Append([_vocab]);

    /// <summary>Sorts the places, writes them and, last of all, the header: a file that was not completed is not an index.</summary>
    /// <param name="progress">Receives the part that is done, 0 to 1.</param>
    /// <param name="cancellation">Ends the work with an <see cref="OperationCanceledException"/>; the file is then no index.</param>
    public void Complete(IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        long tokens = CorpusIndex.HeaderBytes + CorpusIndex.Padding, places = (tokens + (_count * _width) + 7) / 8 * 8;
        _stream.SetLength(places + (_count * sizeof(int)));
        for (long from = 0; from < _count; from += _shard)
        {
            int size = (int)Math.Min(_shard, _count - from);
            // What stands before the shard's first places lies in the shard before, or in the zeros before the tokens.
            var text = new byte[CorpusIndex.Depth + ((long)size * _width)];
            _stream.Position = tokens + (from * _width) - CorpusIndex.Depth;
            _stream.ReadExactly(text);
            int[] sorted = PlaceSort.Sort(text, _width, size, cancellation);
            _stream.Position = places + (from * sizeof(int));
            _stream.Write(System.Runtime.InteropServices.MemoryMarshal.AsBytes<int>(sorted));
            progress?.Report((double)(from + size) / _count);
        }
        Span<byte> header = stackalloc byte[CorpusIndex.HeaderBytes];
        header.Clear();
        "PCIX"u8.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], CorpusIndex.Version);
        BinaryPrimitives.WriteInt32LittleEndian(header[8..], _width);
        BinaryPrimitives.WriteInt32LittleEndian(header[12..], _vocab);
        BinaryPrimitives.WriteUInt64LittleEndian(header[16..], _fingerprint);
        BinaryPrimitives.WriteInt64LittleEndian(header[24..], _count);
        BinaryPrimitives.WriteInt32LittleEndian(header[32..], _shard);
        _stream.Position = 0;
        _stream.Write(header);
        _stream.Flush();
    }
}
