namespace Percheron.Evaluation.Translation;

/// <summary>What turns words into a sentence.</summary>
internal static class Sentence
{
    private static readonly (string Long, string Short)[] Contractions =
        [("do not", "don't"), ("does not", "doesn't"), ("did not", "didn't"), ("will not", "won't"), ("cannot", "can't"), ("should not", "shouldn't"), ("must not", "mustn't"), ("is not", "isn't"), ("are not", "aren't"), ("has not", "hasn't"), ("have not", "haven't")];

    /// <summary>The text with a capital in front and a sign at its end.</summary>
    public static string Of(string text, char end = '.') => First(text) + end;

    /// <summary>The text with a capital in front.</summary>
    public static string First(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    /// <summary>The pieces that say something, with spaces between.</summary>
    public static string Join(params IEnumerable<string?> pieces) => string.Join(' ', pieces.Where(p => !string.IsNullOrEmpty(p)));

    /// <summary>As one speaks: negations are joined to their verb.</summary>
    public static string Spoken(string english)
    {
        foreach ((string written, string spoken) in Contractions)
        {
            english = english.Replace($" {written} ", $" {spoken} ", StringComparison.Ordinal);
        }
        return english;
    }
}
