using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Percheron.Codecs.HuggingFace;

/// <summary>Reads the <c>normalizer</c> of a <c>tokenizer.json</c>.</summary>
internal sealed class NormalizerJson(JsonFields fields)
{
    private readonly List<Func<string, string>> _steps = [];
    private readonly List<(string Type, string Content)> _kinds = [];

    /// <summary>The marks that the last steps write, where they are the usual ones of SentencePiece; those steps can be left to the tokenizer.</summary>
    public SpaceMarks? Marks => _kinds switch
    {
        [.., ("Prepend", "\u2581"), ("Spaces", "\u2581")] => new SpaceMarks(SpacePrefix.Always, EndsWords: false),
        [.., ("Spaces", "\u2581")] => new SpaceMarks(SpacePrefix.None, EndsWords: false),
        _ => null,
    };

    /// <summary>All steps, or all but those that <see cref="Marks"/> stands for.</summary>
    public Normalizer? ToNormalizer(bool withoutMarks)
    {
        int count = _steps.Count - (withoutMarks && Marks is { } marks ? marks.Prefix == SpacePrefix.Always ? 2 : 1 : 0);
        return count == 0 ? null : new Normalizer { Steps = _steps[..count] };
    }

    /// <summary>Takes in one normalizer or a sequence of them.</summary>
    public void Read(JsonElement element)
    {
        string type = fields.Text(element, "type");
        if (type == "Sequence")
        {
            foreach (JsonElement item in fields.Items(element, "normalizers")) Read(item);
            return;
        }
        string content = type is "Prepend" ? fields.Text(element, "prepend") : type is "Replace" ? fields.Text(element, "content") : "";
        bool isSpaces = type == "Replace" && PreTokenizerJson.Pattern(fields, element) is @"\ " or " ";
        _kinds.Add((isSpaces ? "Spaces" : type, content));
        _steps.Add(Step(type, element, content));
    }

    private Func<string, string> Step(string type, JsonElement element, string content)
    {
        switch (type)
        {
            case "Prepend":
                return text => text.Length == 0 ? text : content + text;
            case "Replace":
                return Replace(PreTokenizerJson.Pattern(fields, element), content);
            case "NFC":
                return CanonicalForm.Compose;
            case "NFD":
                return CanonicalForm.Decompose;
            case "NFKC" or "NFKD":
                NormalizationForm form = type == "NFKC" ? NormalizationForm.FormKC : NormalizationForm.FormKD;
                // A program without cultures has no such tables, and would leave the text as it is.
                if ("\uFB01".Normalize(form) != "fi") throw fields.Fault($"normalizer '{type}' needs a program that is built with cultures (InvariantGlobalization off)");
                return text => string.Concat(text.EnumerateRunes()).Normalize(form);
            case "Lowercase":
                return text => text.ToLowerInvariant();
            case "StripAccents":
                return text => string.Concat(text.EnumerateRunes().Where(rune => Rune.GetUnicodeCategory(rune) != UnicodeCategory.NonSpacingMark));
            case "Strip":
                (bool left, bool right) = (fields.Flag(element, "strip_left", true), fields.Flag(element, "strip_right", true));
                return text => left && right ? text.Trim() : left ? text.TrimStart() : right ? text.TrimEnd() : text;
            case "Nmt":
                return Translation;
            case "Precompiled":
                CharacterMap map = CharacterMap.TryRead(Convert.FromBase64String(fields.Text(element, "precompiled_charsmap"))) ?? throw fields.Fault("the precompiled character map is damaged");
                return text => map.Apply(text);
            default:
                throw fields.Fault($"normalizer '{type}' is not supported");
        }
    }

    private static Func<string, string> Replace(string pattern, string content)
    {
        string literal = Regex.Unescape(pattern);
        if (Regex.Escape(literal) == pattern) return literal.Length == 0 ? text => text : text => text.Replace(literal, content, StringComparison.Ordinal);
        Regex regex = new(pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
        return text => regex.Replace(text, _ => content);
    }

    /// <summary>Control characters go, and every kind of blank becomes a space, as in neural translation's preparation of text.</summary>
    private static string Translation(string text)
    {
        StringBuilder kept = new(text.Length);
        foreach (char c in text)
        {
            if (c is (>= '\u0001' and <= '\u0008') or '\u000B' or (>= '\u000E' and <= '\u001F') or '\u007F' or '\u008F' or '\u009F') continue;
            bool isBlank = c is '\u0009' or '\u000A' or '\u000C' or '\u000D' or '\u1680' or (>= '\u200B' and <= '\u200F') or '\u2028' or '\u2029' or '\u2581' or '\uFEFF' or '\uFFFD';
            kept.Append(isBlank ? ' ' : c);
        }
        return kept.ToString();
    }
}
