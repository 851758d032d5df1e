using System.Text;

namespace Percheron.Codecs;

/// <summary>What is done to a stretch of text before it is cut into words.</summary>
internal sealed class Normalizer
{
    /// <summary>Steps in order; each takes the whole text.</summary>
    public IReadOnlyList<Func<string, string>> Steps { get; init; } = [];

    /// <summary>SentencePiece's map, applied before the steps.</summary>
    public CharacterMap? Characters { get; init; }

    /// <summary>Runs of spaces become one, and none is left at either end.</summary>
    public bool CollapsesSpaces { get; init; }

    public string Normalize(ReadOnlySpan<char> text)
    {
        string result = Characters is null ? text.ToString() : Characters.Apply(text);
        foreach (Func<string, string> step in Steps) result = step(result);
        return CollapsesSpaces ? Collapse(result) : result;
    }

    private static string Collapse(string text)
    {
        StringBuilder kept = new(text.Length);
        foreach (char c in text)
            if (c != ' ' || (kept.Length > 0 && kept[^1] != ' ')) kept.Append(c);
        if (kept.Length > 0 && kept[^1] == ' ') kept.Length--;
        return kept.ToString();
    }
}
