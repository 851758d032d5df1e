using Percheron.Codecs;

namespace Percheron.Training.Tokens;

/// <summary>The tokens of a model: text, then special tokens, then codes of pictures or speech.</summary>
public sealed class ModelVocabulary
{
    /// <param name="text">The byte-level part; its ids come first.</param>
    /// <param name="specials">Spellings of the special tokens, in order of their ids.</param>
    /// <param name="codes">Where codes stand behind the special tokens; null for a model of text.</param>
    /// <exception cref="ArgumentException">A special token is spelled like another token, or the codes do not begin where the special tokens end.</exception>
    public ModelVocabulary(BpeVocabulary text, IReadOnlyList<string>? specials = null, CodeLayout? codes = null)
    {
        (Text, Specials, Codes) = (text, specials ?? [], codes);
        if (Specials.Any(special => special.Length == 0) || Specials.Append(BpeVocabulary.EndOfTextSpelling).Distinct(StringComparer.Ordinal).Count() <= Specials.Count)
            throw new ArgumentException("Special tokens need spellings of their own.", nameof(specials));
        if (codes is not null && (codes.Problem() is not null || codes.First != text.Count + Specials.Count))
            throw new ArgumentException(codes.Problem() ?? $"The first code has the id {codes.First}, and {text.Count + Specials.Count} tokens stand before the codes.", nameof(codes));
    }

    /// <summary>The byte-level part.</summary>
    public BpeVocabulary Text { get; }

    /// <summary>Spellings of the special tokens; the first has the id behind the last merge.</summary>
    public IReadOnlyList<string> Specials { get; }

    /// <summary>Where codes stand; null for a model of text.</summary>
    public CodeLayout? Codes { get; }

    /// <summary>Number of tokens.</summary>
    public int Count => Codes?.End ?? (Text.Count + Specials.Count);

    /// <summary>The token as a vocabulary file spells it.</summary>
    public string Spelling(int token)
    {
        if (token < Text.Count) return Text.Spelling(token);
        if (token < Text.Count + Specials.Count) return Specials[token - Text.Count];
        (int book, int code) = Codes!.Code(token);
        return $"<code_{book}_{code}>";
    }

    /// <summary>Whether a token spells no text.</summary>
    public bool IsControl(int token) => token == BpeVocabulary.EndOfText || token >= Text.Count;

    /// <summary>Id of a special token; −1 if there is none of that spelling.</summary>
    public int Special(string spelling)
    {
        for (int i = 0; i < Specials.Count; i++) if (Specials[i] == spelling) return Text.Count + i;
        return -1;
    }

    /// <summary>A vocabulary of text alone.</summary>
    public static implicit operator ModelVocabulary(BpeVocabulary text) => new(text);
}
