namespace Percheron.Evaluation.Translation;

/// <summary>A kind of text that pairs are made of.</summary>
internal interface ITheme
{
    /// <summary>A pair; what it says follows from the draws alone.</summary>
    TranslationPair Make(Dice dice);
}
