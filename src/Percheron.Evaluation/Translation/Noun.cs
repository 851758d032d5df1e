namespace Percheron.Evaluation.Translation;

/// <summary>A noun in both languages.</summary>
/// <param name="Gender">0 masculine, 1 feminine, 2 neuter.</param>
/// <param name="Singular">German, nominative.</param>
/// <param name="Plural">German, nominative.</param>
/// <param name="English">One of them.</param>
/// <param name="EnglishPlural">Several.</param>
internal sealed record Noun(int Gender, string Singular, string Plural, string English, string EnglishPlural)
{
    /// <summary>Reads lines such as <c>der Hund|Hunde|dog|dogs</c>.</summary>
    public static Noun[] Read(string lines) => [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Parse)];

    private static Noun Parse(string line)
    {
        string[] parts = line.Split('|');
        return new Noun(parts[0][..3] switch { "der" => 0, "die" => 1, _ => 2 }, parts[0][4..], parts[1], parts[2], parts.Length > 3 ? parts[3] : parts[2] + "s");
    }
}
