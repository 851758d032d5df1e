namespace Percheron.Evaluation.Translation;

/// <summary>A German text and its English translations.</summary>
/// <param name="German">One sentence or phrase, as it is written.</param>
/// <param name="English">Acceptable translations, the usual one first; at least one, no two the same.</param>
public sealed record TranslationPair(string German, IReadOnlyList<string> English);
