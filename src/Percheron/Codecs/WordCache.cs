using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Percheron.Codecs;

/// <summary>Ids of words seen lately. A slot is one cache line and a new word displaces the old one: a miss costs time, never correctness.</summary>
internal sealed class WordCache
{
    /// <summary>Longest word kept, in UTF-16 units.</summary>
    public const int LongestWord = 16;

    private const int Slots = 1 << 16;
    private readonly Slot[] _slots = new Slot[Slots];

    /// <summary>Appends the ids of a word that is known.</summary>
    /// <param name="word">At most <see cref="LongestWord"/> units; not empty.</param>
    /// <param name="ids">Receives the ids.</param>
    public bool TryAppend(ReadOnlySpan<char> word, List<int> ids)
    {
        Vector256<ushort> key = Key(word);
        ref readonly Slot slot = ref _slots[Index(key, word.Length)];
        if (slot.Length != word.Length || slot.Word != key) return false;
        ids.AddRange(((ReadOnlySpan<int>)slot.Ids)[..slot.Count]);
        return true;
    }

    /// <summary>Remembers a word, unless it has more ids than a slot holds.</summary>
    public void Add(ReadOnlySpan<char> word, ReadOnlySpan<int> ids)
    {
        if (ids.Length > IdList.Capacity) return;
        Vector256<ushort> key = Key(word);
        ref Slot slot = ref _slots[Index(key, word.Length)];
        (slot.Word, slot.Length, slot.Count) = (key, (byte)word.Length, (byte)ids.Length);
        ids.CopyTo(slot.Ids);
    }

    private static Vector256<ushort> Key(ReadOnlySpan<char> word)
    {
        Span<ushort> padded = stackalloc ushort[LongestWord];
        padded.Clear();
        MemoryMarshal.Cast<char, ushort>(word).CopyTo(padded);
        return Vector256.Create((ReadOnlySpan<ushort>)padded);
    }

    private static int Index(Vector256<ushort> key, int length)
    {
        Vector256<ulong> parts = key.AsUInt64();
        ulong hash = (parts[0] ^ (uint)length) * 0x9E3779B97F4A7C15;
        hash = (hash ^ hash >> 29 ^ parts[1]) * 0xBF58476D1CE4E5B9;
        hash = (hash ^ hash >> 32 ^ parts[2]) * 0x94D049BB133111EB;
        hash = (hash ^ hash >> 29 ^ parts[3]) * 0x9E3779B97F4A7C15;
        return (int)(hash >> 48);
    }

    private struct Slot
    {
        public Vector256<ushort> Word;
        public IdList Ids;
        public byte Length;
        public byte Count;
    }

    [InlineArray(Capacity)]
    private struct IdList
    {
        public const int Capacity = 7;
        private int _first;
    }
}
