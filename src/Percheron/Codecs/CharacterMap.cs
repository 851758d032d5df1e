using System.Buffers.Binary;
using System.Text;

namespace Percheron.Codecs;

/// <summary>SentencePiece's compiled normalization: a double array from UTF-8 prefixes to replacements.</summary>
/// <remarks>
/// A unit holds the label of its edge in bits 0 to 7, whether a replacement ends here in bit 8, and the offset to its children in bits 10 to 30, times 256
/// where bit 9 is set. A unit with bit 31 set holds a position among the replacements, which end in a zero byte. Source: Kudo, Richardson 2018, section 3.5; Yata, darts-clone.
/// </remarks>
internal sealed class CharacterMap
{
    private readonly uint[] _units;
    private readonly byte[] _replacements;

    private CharacterMap(uint[] units, byte[] replacements) => (_units, _replacements) = (units, replacements);

    /// <summary>Reads a map: a length in bytes, the units, the replacements. <c>null</c> where the sizes do not fit.</summary>
    public static CharacterMap? TryRead(ReadOnlySpan<byte> stored)
    {
        if (stored.Length < 4) return null;
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(stored);
        if (length % 4 != 0 || length == 0 || length > stored.Length - 4) return null;
        uint[] units = new uint[length / 4];
        for (int i = 0; i < units.Length; i++) units[i] = BinaryPrimitives.ReadUInt32LittleEndian(stored[(4 + i * 4)..]);
        byte[] replacements = stored[(4 + (int)length)..].ToArray();
        return replacements.Length == 0 || replacements[^1] == 0 ? new CharacterMap(units, replacements) : null;
    }

    /// <summary>Replaces, from left to right, the longest prefix that has a replacement; other characters stay.</summary>
    public string Apply(ReadOnlySpan<char> text)
    {
        byte[] utf8 = new byte[Encoding.UTF8.GetByteCount(text)];
        Encoding.UTF8.GetBytes(text, utf8);
        List<byte> result = new(utf8.Length);
        for (int at = 0; at < utf8.Length;)
        {
            int length = Longest(utf8.AsSpan(at), out int replacement);
            if (length > 0)
            {
                ReadOnlySpan<byte> tail = _replacements.AsSpan(replacement);
                result.AddRange(tail[..tail.IndexOf((byte)0)]);
            }
            else
            {
                Rune.DecodeFromUtf8(utf8.AsSpan(at), out _, out length);
                result.AddRange(utf8.AsSpan(at, length));
            }
            at += length;
        }
        return Encoding.UTF8.GetString([.. result]);
    }

    private int Longest(ReadOnlySpan<byte> text, out int replacement)
    {
        (int longest, replacement) = (0, 0);
        uint node = Offset(_units[0]);
        for (int i = 0; i < text.Length && text[i] != 0; i++)
        {
            node ^= text[i];
            if (node >= _units.Length) break;
            uint unit = _units[node];
            if ((unit & (1u << 31 | 0xFF)) != text[i]) break;
            node ^= Offset(unit);
            if (node >= _units.Length) break;
            uint position = _units[node] & ~(1u << 31);
            if ((unit >> 8 & 1) == 0 || position >= _replacements.Length) continue;
            (longest, replacement) = (i + 1, (int)position);
        }
        return longest;
    }

    private static uint Offset(uint unit) => unit >> 10 << (int)((unit & 1u << 9) >> 6);
}
