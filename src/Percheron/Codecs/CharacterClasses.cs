using System.Globalization;
using System.Text;

namespace Percheron.Codecs;

/// <summary>Sets of Unicode general categories as bit masks, the alphabet in which pre-tokenizer patterns are written.</summary>
/// <remarks>
/// Bits 0 to 29 are the general categories in the order of <see cref="UnicodeCategory"/>; bit 30 is the property White_Space (the <c>\s</c> of
/// the patterns), bit 31 the line breaks CR and LF. Each code point has one category bit and possibly the others, so that a class is a mask and membership one AND.
/// </remarks>
internal static class CharacterClasses
{
    public const uint Uppercase = 1u << 0 | 1u << 2;
    public const uint Lowercase = 1u << 1;
    public const uint Letter = 0x1Fu;
    public const uint Mark = 0xE0u;
    public const uint Number = 0x700u;
    public const uint DecimalDigit = 1u << 8;
    public const uint Punctuation = 0x7Fu << 18;
    public const uint Symbol = 0xFu << 25;
    public const uint WhiteSpace = 1u << 30;
    public const uint LineBreak = 1u << 31;

    private const byte WhiteSpaceFlag = 0x20;
    private const byte LineBreakFlag = 0x40;

    // A lone surrogate is what it will be encoded as: U+FFFD, another symbol.
    private const uint LoneSurrogate = 1u << (int)UnicodeCategory.OtherSymbol;

    private static readonly byte[] Plane0 = Classify();

    /// <summary>Classes of the code point at <paramref name="index"/> and its width in UTF-16 units (1 or 2).</summary>
    public static uint At(ReadOnlySpan<char> text, int index, out int width)
    {
        char c = text[index];
        width = 1;
        return char.IsSurrogate(c) ? Astral(text, index, ref width) : Expand(Plane0[c]);
    }

    /// <summary>Classes of the code point at <paramref name="index"/>; none past the end.</summary>
    public static uint At(ReadOnlySpan<char> text, int index) => index < text.Length ? At(text, index, out _) : 0;

    /// <summary>End of the longest run from <paramref name="start"/> of code points in any of <paramref name="classes"/>, at most <paramref name="most"/> of them.</summary>
    public static int Run(ReadOnlySpan<char> text, int start, uint classes, int most = int.MaxValue)
    {
        int at = start;
        for (; at < text.Length && most > 0 && (At(text, at, out int width) & classes) != 0; most--) at += width;
        return at;
    }

    /// <summary>End of the longest run from <paramref name="start"/> of code points in none of <paramref name="classes"/>.</summary>
    public static int RunExcept(ReadOnlySpan<char> text, int start, uint classes)
    {
        int at = start;
        while (at < text.Length && (At(text, at, out int width) & classes) == 0) at += width;
        return at;
    }

    /// <summary>The code point at <paramref name="index"/>; U+FFFD for a lone surrogate.</summary>
    public static int CodePoint(ReadOnlySpan<char> text, int index, out int width)
    {
        _ = Rune.DecodeFromUtf16(text[index..], out Rune rune, out width);
        return rune.Value;
    }

    /// <summary>Classes of a code point; a surrogate counts as U+FFFD.</summary>
    public static uint Of(int codePoint) => codePoint > 0xFFFF ? 1u << (int)CharUnicodeInfo.GetUnicodeCategory(codePoint)
        : char.IsSurrogate((char)codePoint) ? LoneSurrogate
        : Expand(Plane0[codePoint]);

    private static uint Astral(ReadOnlySpan<char> text, int index, ref int width)
    {
        if (!char.IsHighSurrogate(text[index]) || index + 1 >= text.Length || !char.IsLowSurrogate(text[index + 1])) return LoneSurrogate;
        width = 2;
        return 1u << (int)CharUnicodeInfo.GetUnicodeCategory(char.ConvertToUtf32(text[index], text[index + 1]));
    }

    private static uint Expand(byte packed) => 1u << (packed & 0x1F) | (uint)(packed & (WhiteSpaceFlag | LineBreakFlag)) << 25;

    private static byte[] Classify()
    {
        byte[] classes = new byte[0x10000];
        for (int c = 0; c < classes.Length; c++)
        {
            int packed = (int)CharUnicodeInfo.GetUnicodeCategory((char)c);
            if (char.IsWhiteSpace((char)c)) packed |= WhiteSpaceFlag;
            if (c is '\r' or '\n') packed |= LineBreakFlag;
            classes[c] = (byte)packed;
        }
        return classes;
    }
}
