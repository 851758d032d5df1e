namespace Percheron.Evaluation.Pictures;

/// <summary>The words of captions as ids: 0 fills up, 1 is any other word, then the known ones in order.</summary>
/// <param name="words">Known words, lower case.</param>
public sealed class CaptionVocabulary(IReadOnlyList<string> words)
{
    private const int Unknown = 1, First = 2;

    private readonly Dictionary<string, int> _ids = words.Select((word, i) => (word, i)).ToDictionary(w => w.word, w => w.i + First, StringComparer.Ordinal);

    /// <summary>Known words.</summary>
    public IReadOnlyList<string> Words { get; } = words;

    /// <summary>Number of ids.</summary>
    public int Count => Words.Count + First;

    /// <summary>The words of captions, sorted.</summary>
    public static CaptionVocabulary Of(IEnumerable<string> captions) => new([.. captions.SelectMany(Split).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]);

    /// <summary>The ids of a caption, filled up or cut to [length].</summary>
    public int[] Encode(string caption, int length)
    {
        var ids = new int[length];
        string[] parts = Split(caption);
        for (int i = 0; i < Math.Min(length, parts.Length); i++) ids[i] = _ids.GetValueOrDefault(parts[i], Unknown);
        return ids;
    }

    private static string[] Split(string caption) => [.. caption.ToLowerInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(w => w.Trim('.', ',', ';', ':')).Where(w => w.Length > 0)];
}
