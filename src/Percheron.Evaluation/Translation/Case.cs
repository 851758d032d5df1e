namespace Percheron.Evaluation.Translation;

/// <summary>German cases that the grammars use.</summary>
internal enum Case
{
    Nominative,
    Accusative,
    Dative,
}
