using System.Numerics;
using System.Runtime.CompilerServices;

namespace Percheron.Formats;

/// <summary>
/// A text of tokens with its places sorted by what stands before them, read backwards: one binary search finds where the longest tail of a context occurs, and what
/// followed it there. Mapped from a file, gigabytes without loading them, or built in memory for short texts.
/// </summary>
/// <remarks>
/// Layout, little-endian: [magic "PCIX"][version][bytes of a token: 2 or 4][vocabulary][fingerprint: 8][tokens: 8][places of a shard: 4][zero up to byte 64], 64 zero bytes, the
/// tokens, zero up to a multiple of 8, then for each shard its places as 32-bit offsets from the shard's first token, in order. Tokens are written little-endian
/// in reading order, so eight bytes that end at a place, read as one number, compare as the tokens before it do, the nearest first. Documents end in the
/// token <see cref="Vocab"/>, which no context holds. Source: suffix arrays, Manber and Myers 1990; their use for drafts is REST, arXiv 2311.08252 §3.2.
/// </remarks>
public sealed unsafe class CorpusIndex : IDisposable
{
    internal const int HeaderBytes = 64, Padding = 64, Version = 1;

    /// <summary>Bytes of context by which places are ordered and found: 32 tokens of two bytes, 16 of four.</summary>
    internal const int Depth = 64;

    private readonly MappedFile? _file;
    // Keeps the array alive that the pointers lead into.
    private readonly byte[]? _memory;
    private readonly byte* _tokens, _places;
    private readonly int _width;

    private CorpusIndex(byte* start, long length, string name, MappedFile? file, byte[]? memory)
    {
        (_file, _memory) = (file, memory);
        if (length < HeaderBytes || !new ReadOnlySpan<byte>(start, 4).SequenceEqual("PCIX"u8)) throw new ModelFormatException(name, 0, "this is not an index; make one with: percheron index CORPUS OUT");
        if (*(int*)(start + 4) != Version) throw new ModelFormatException(name, 4, $"index of version {*(int*)(start + 4)}; this program reads version {Version}: make it anew");
        _width = *(int*)(start + 8);
        Vocab = *(int*)(start + 12);
        Fingerprint = *(ulong*)(start + 16);
        Count = *(long*)(start + 24);
        ShardPlaces = *(int*)(start + 32);
        if (_width is not (2 or 4)) throw new ModelFormatException(name, 8, $"tokens of {_width} bytes; 2 or 4 are possible");
        if (Vocab < 1 || (_width == 2 && Vocab > ushort.MaxValue)) throw new ModelFormatException(name, 12, $"a vocabulary of {Vocab} tokens cannot be");
        if (Count < 0 || Count > length / _width || ShardPlaces < 1) throw new ModelFormatException(name, 24, $"{Count} tokens in shards of {ShardPlaces} cannot be in {length} bytes");
        long tokens = HeaderBytes + Padding, places = (tokens + (Count * _width) + 7) / 8 * 8;
        if (places + (Count * sizeof(int)) > length) throw new ModelFormatException(name, length, $"the file ends early: {Count} tokens need {places + (Count * sizeof(int))} bytes");
        _tokens = start + tokens;
        _places = start + places;
    }

    /// <summary>Number of tokens, those that end documents included.</summary>
    public long Count { get; }

    /// <summary>Vocabulary of the tokens; the token of this number ends a document.</summary>
    public int Vocab { get; }

    /// <summary>What the maker gave to recognize the tokenizer by; 0 for none.</summary>
    public ulong Fingerprint { get; }

    /// <summary>Places that are sorted together.</summary>
    internal int ShardPlaces { get; }

    /// <summary>Opens a file that <see cref="CorpusIndexWriter"/> has written.</summary>
    /// <exception cref="ModelFormatException">It is damaged, or something else.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static CorpusIndex Open(string path)
    {
        MappedFile file = MappedFile.Open(path);
        try
        {
            return new CorpusIndex(file.Start, file.Length, path, file, null);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>An index in memory.</summary>
    /// <param name="tokens">At most some ten million tokens; each below <paramref name="vocab"/>, or equal to it at the end of a document.</param>
    /// <param name="vocab">Number of tokens of the vocabulary.</param>
    /// <param name="fingerprint">See <see cref="Fingerprint"/>.</param>
    public static CorpusIndex Of(ReadOnlySpan<int> tokens, int vocab, ulong fingerprint = 0)
    {
        using var stream = new MemoryStream();
        var writer = new CorpusIndexWriter(stream, vocab, fingerprint);
        writer.Append(tokens);
        writer.Complete();
        // Pinned for good: pointers into it are kept.
        byte[] memory = GC.AllocateUninitializedArray<byte>((int)stream.Length, pinned: true);
        stream.Position = 0;
        stream.ReadExactly(memory);
        return new CorpusIndex((byte*)Unsafe.AsPointer(ref memory[0]), memory.Length, "index in memory", null, memory);
    }

    /// <summary>The token at a position; <see cref="Vocab"/> behind the last one.</summary>
    public int Token(long position)
    {
        RequireOpen();
        if ((ulong)position >= (ulong)Count) return Vocab;
        return _width == 2 ? ((ushort*)_tokens)[position] : ((int*)_tokens)[position];
    }

    /// <summary>Where the longest tail of <paramref name="context"/> occurs.</summary>
    /// <param name="context">Tokens; the last 16 or 32 of them count.</param>
    /// <param name="positions">Receives positions behind occurrences, nearest relatives of the whole context first; its length says how many are wanted.</param>
    /// <param name="length">Receives the length of the tail, in tokens; 0 if not even the last token occurs.</param>
    /// <returns>How many positions there are.</returns>
    public int Find(ReadOnlySpan<int> context, Span<long> positions, out int length)
    {
        RequireOpen();
        byte* buffer = stackalloc byte[Depth];
        int known = Encode(context, buffer);
        (length, int count) = (0, 0);
        for (long shard = 0; shard * ShardPlaces < Count; shard++)
        {
            int* places = (int*)_places + (shard * ShardPlaces);
            int size = (int)Math.Min(ShardPlaces, Count - (shard * ShardPlaces));
            byte* first = _tokens + (shard * ShardPlaces * _width);
            int at = Search(places, size, first, buffer + Depth);
            int below = at > 0 ? Common(places[at - 1], first, size, buffer + Depth, known) : 0;
            int above = at < size ? Common(places[at], first, size, buffer + Depth, known) : 0;
            int best = Math.Max(below, above);
            if (best == 0 || best < length) continue;
            if (best > length) (length, count) = (best, 0);
            // Both ways from the place where the context itself would stand.
            for (int low = at - 1, high = at; count < positions.Length && (below >= best || above >= best);)
            {
                bool down = below >= above;
                positions[count++] = (shard * ShardPlaces) + (down ? places[low] : places[high]);
                if (down) below = --low >= 0 ? Common(places[low], first, size, buffer + Depth, known) : 0;
                else above = ++high < size ? Common(places[high], first, size, buffer + Depth, known) : 0;
            }
        }
        return count;
    }

    /// <summary>Unmaps the file.</summary>
    public void Dispose() => _file?.Dispose();

    private void RequireOpen() => _ = _file is null ? null : _file.Start;

    // The last tokens of a context, written so that they end where the buffer does; returns how many.
    private int Encode(ReadOnlySpan<int> context, byte* buffer)
    {
        new Span<byte>(buffer, Depth).Clear();
        int count = Math.Min(context.Length, Depth / _width);
        for (int i = 1; i <= count; i++)
        {
            if (_width == 2) *(ushort*)(buffer + Depth - (2 * i)) = (ushort)context[^i];
            else *(int*)(buffer + Depth - (4 * i)) = context[^i];
        }
        return count;
    }

    private static bool InShard(int place, int size) => (uint)place < (uint)size;

    private int Search(int* places, int size, byte* first, byte* end)
    {
        int low = 0, high = size;
        while (low < high)
        {
            int middle = (int)(((uint)low + (uint)high) / 2);
            // A damaged file may hold any number here; it then finds nothing, which is no harm.
            if (InShard(places[middle], size) && Before(first + ((long)places[middle] * _width), end)) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    /// <summary>Whether what ends at <paramref name="a"/> sorts before what ends at <paramref name="b"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool Before(byte* a, byte* b)
    {
        for (int d = 8; d <= Depth; d += 8)
        {
            ulong x = *(ulong*)(a - d), y = *(ulong*)(b - d);
            if (x != y) return x < y;
        }
        return false;
    }

    // Tokens that agree before a place and before the end of the context.
    private int Common(int place, byte* first, int size, byte* end, int known)
    {
        if (!InShard(place, size)) return 0;
        byte* at = first + ((long)place * _width);
        for (int d = 8; d <= Depth; d += 8)
        {
            ulong difference = *(ulong*)(at - d) ^ *(ulong*)(end - d);
            if (difference != 0) return Math.Min(known, (d - 8 + (BitOperations.LeadingZeroCount(difference) / 8)) / _width);
        }
        return known;
    }
}
