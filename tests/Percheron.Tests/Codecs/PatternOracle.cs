using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Percheron.Tests.Codecs;

/// <summary>The published patterns run by the .NET regular expression engine: the oracle of the hand-written splitters.</summary>
/// <remarks>The engine sees UTF-16 units, the patterns mean code points: each code point beyond the basic plane is replaced by one of its kind within it.</remarks>
internal static class PatternOracle
{
    private const string Gpt2 = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";
    private const string Tails = @"(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])";
    private const string Spaces = @"|\s*[\r\n]+|\s+(?!\S)|\s+";
    private const string Upper = @"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]";
    private const string Lower = @"[\p{Ll}\p{Lm}\p{Lo}\p{M}]";
    private const string Ascii = @"[!""#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~]";
    private const string Cased = "A-Za-z\u00B5\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u01BA\u01BC-\u01BF\u01C4-\u0293\u0295-\u02AF\u0370-\u0373\u0376\u0377\u037B-\u037D"
        + "\u037F\u0386\u0388-\u038A\u038C\u038E-\u03A1\u03A3-\u03F5\u03F7-\u0481\u048A-\u052F\u0531-\u0556\u10A0-\u10C5\u13A0-\u13F5"
        + "\u13F8-\u13FD\u1C90-\u1CBA\u1CBD-\u1CBF\u1D00-\u1D2B\u1D6B-\u1D77\u1D79-\u1D9A\u1E00-\u1F15\u1F18-\u1F1D\u1F20-\u1F45\u1F48-\u1F4D"
        + "\u1F50-\u1F57\u1F59\u1F5B\u1F5D\u1F5F-\u1F7D\u1F80-\u1FB4\u1FB6-\u1FBC\u1FBE\u1FC2-\u1FC4\u1FC6-\u1FCC\u1FD0-\u1FD3\u1FD6-\u1FDB"
        + "\u1FE0-\u1FEC\u1FF2-\u1FF4\u1FF6-\u1FFC\u2102\u2107\u210A-\u2113\u2115\u2119-\u211D\u2124\u2126\u2128\u212A-\u212D\u212F-\u2134"
        + "\u2139\u213C-\u213F\u2145-\u2149\u214E\u2183\u2184\u2C00-\u2C7B\u2C7E-\u2CE4\u2CEB-\u2CEE\u2CF2\u2CF3\uA640-\uA66D\uA680-\uA69B"
        + "\uA722-\uA76F\uA771-\uA787\uA78B-\uA78E\uAB70-\uABBF\uFB00-\uFB06\uFB13-\uFB17\uFF21-\uFF3A\uFF41-\uFF5A";

    private static readonly (int First, int Last)[] CasedBeyond =
        [(0x10400, 0x1044F), (0x104B0, 0x104D3), (0x104D8, 0x104FB), (0x10C80, 0x10CB2), (0x10CC0, 0x10CF2), (0x118A0, 0x118DF), (0x1E900, 0x1E943)];

    public static readonly Dictionary<string, string[]> Patterns = new()
    {
        ["gpt-2"] = [Gpt2],
        ["mpt"] = [Gpt2],
        ["refact"] = [@"\p{N}", Gpt2],
        ["starcoder"] = [@"\p{N}", Gpt2],
        ["command-r"] = [@"\p{N}", Gpt2],
        ["llama-bpe"] = [Llama3(@"\p{N}{1,3}")],
        ["qwen2"] = [Llama3(@"\p{N}")],
        ["qwen35"] = [$@"{Tails}|[^\r\n\p{{L}}\p{{N}}]?[\p{{L}}\p{{M}}]+|\p{{N}}| ?[^\s\p{{L}}\p{{M}}\p{{N}}]+[\r\n]*{Spaces}"],
        ["seed-coder"] = [$@"{Tails}|[^\r\n\p{{L}}\p{{N}}]?\p{{L}}+|\p{{N}}{{1}}| ?[^\s\p{{L}}\p{{N}}\r\n]+{Spaces}"],
        ["ufakzeka"] = [$@"[^\r\n\p{{L}}\p{{N}}]?\p{{L}}+|\p{{N}}| ?[^\s\p{{L}}\p{{N}}]+[\r\n]*{Spaces}"],
        ["bailingmoe"] = [@"'(?:[sSdDmMtT]|[lL][lL]|[vV][eE]|[rR][eE])|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+"],
        ["minicpm5"] = [@"\p{N}{1,3}", Llama3(@"\p{N}+")],
        ["laguna"] = [@"[^\n]+|[\n]+", Llama3(@"\p{N}")],
        ["gpt-4o"] = [$@"[^\r\n\p{{L}}\p{{N}}]?{Upper}*{Lower}+{Tails}?|[^\r\n\p{{L}}\p{{N}}]?{Upper}+{Lower}*{Tails}?|\p{{N}}{{1,3}}| ?[^\s\p{{L}}\p{{N}}]+[\r\n/]*{Spaces}"],
        ["tekken"] = [$@"[^\r\n\p{{L}}\p{{N}}]?{Upper}*{Lower}+|[^\r\n\p{{L}}\p{{N}}]?{Upper}+{Lower}*|\p{{N}}| ?[^\s\p{{L}}\p{{N}}]+[\r\n/]*{Spaces}"],
        ["youtu"] = [@"[가-힣ㄱ-ㆎ]+|[！…“”‘’—：；，、-〿︰-﹏]+|[ㄅ-ㄯ]+|[一-龥\u3040-ゟ゠-ヿ]+",
            $@"[^\r\n\p{{L}}\p{{N}}]?{Upper}*{Lower}+{Tails}?|[^\r\n\p{{L}}\p{{N}}]?{Upper}+{Lower}*{Tails}?|\p{{N}}| ?[^\s\p{{L}}\p{{N}}]+[\r\n/]*{Spaces}"],
        ["deepseek-llm"] = [@"[\r\n]", $@"\s?[{Cased}]+", @"\s?[!-/:-~！-／：-～‘-‟\u3000-。]+", @"\s+$", "[一-龥ࠀ-一가-\uD7FF]+", @"\p{N}+"],
        ["deepseek-coder"] = [@"[\r\n]", @"\s?\p{L}+", @"\s?\p{P}+", "[一-龥ࠀ-一가-\uD7FF]+", @"\p{N}"],
        ["deepseek-v3"] = [@"\p{N}{1,3}", "[一-龥\u3040-ゟ゠-ヿ]+", $@"{Ascii}[A-Za-z]+|[^\r\n\p{{L}}\p{{P}}\p{{S}}]?[\p{{L}}\p{{M}}]+| ?[\p{{P}}\p{{S}}]+[\r\n]*{Spaces}"],
        ["falcon"] = [@"[\p{P}\$\+<=>\^~\|`]+", Gpt2, "[0-9][0-9][0-9]"],
        ["default"] = [@"[\p{P}\$\+<=>\^~\|]+", Gpt2, @"\p{N}+", "[0-9][0-9][0-9]"],
        ["bloom"] = [@" ?[^(\s|.,!?…。，、।۔،)]+"],
        ["viking"] = [@" ?[^(\s|.,!?…。，、।۔،)]+", @"\p{N}"],
    };

    /// <summary>The words of a text: matches and the gaps between them, stage by stage.</summary>
    public static List<string> Split(string text, Regex[] stages)
    {
        (string folded, int[] starts) = Fold(text);
        List<(int Start, int Length)> pieces = text.Length == 0 ? [] : [(0, folded.Length)];
        foreach (Regex stage in stages)
        {
            List<(int, int)> cut = [];
            foreach ((int start, int length) in pieces)
            {
                int at = 0;
                foreach (Match match in stage.Matches(folded.Substring(start, length)))
                {
                    if (match.Index > at) cut.Add((start + at, match.Index - at));
                    cut.Add((start + match.Index, match.Length));
                    at = match.Index + match.Length;
                }
                if (at < length) cut.Add((start + at, length - at));
            }
            pieces = cut;
        }
        return [.. pieces.Select(piece => text[starts[piece.Start]..starts[piece.Start + piece.Length]])];
    }

    private static string Llama3(string digits) => $@"{Tails}|[^\r\n\p{{L}}\p{{N}}]?\p{{L}}+|{digits}| ?[^\s\p{{L}}\p{{N}}]+[\r\n]*{Spaces}";

    private static (string Folded, int[] Starts) Fold(string text)
    {
        StringBuilder folded = new();
        List<int> starts = [];
        int at = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            starts.Add(at);
            at += at + 1 < text.Length && char.IsSurrogatePair(text, at) ? 2 : 1;
            folded.Append(rune.IsBmp ? (char)rune.Value : Stand(rune.Value));
        }
        starts.Add(text.Length);
        return (folded.ToString(), [.. starts]);
    }

    private static char Stand(int codePoint)
    {
        bool isCased = CasedBeyond.Any(range => codePoint >= range.First && codePoint <= range.Last);
        return CharUnicodeInfo.GetUnicodeCategory(codePoint) switch
        {
            UnicodeCategory.UppercaseLetter => isCased ? '\uA640' : '\uA790',
            UnicodeCategory.LowercaseLetter => isCased ? '\uA641' : '\uA791',
            UnicodeCategory.OtherLetter => '\uA4D0',
            UnicodeCategory.ModifierLetter => '\uA4F8',
            UnicodeCategory.NonSpacingMark => '\uA8E0',
            UnicodeCategory.SpacingCombiningMark => '\uA823',
            UnicodeCategory.DecimalDigitNumber => '\uA8D0',
            UnicodeCategory.LetterNumber => '\uA6E6',
            UnicodeCategory.OtherNumber => '\uA830',
            UnicodeCategory.OtherPunctuation => '\uA874',
            UnicodeCategory.MathSymbol => '\uFB29',
            UnicodeCategory.ModifierSymbol => '\uA700',
            UnicodeCategory.OtherSymbol => '\uA828',
            UnicodeCategory.Format => '\uFEFF',
            UnicodeCategory.PrivateUse => '\uE000',
            UnicodeCategory.OtherNotAssigned => '\uFDD0',
            UnicodeCategory category => throw new NotSupportedException($"no stand-in for {category}"),
        };
    }
}
