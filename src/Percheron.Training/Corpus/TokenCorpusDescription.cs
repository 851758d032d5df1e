using Percheron.Codecs;

namespace Percheron.Training.Corpus;

/// <summary>What a corpus of tokens says of itself.</summary>
/// <param name="Name">What a model that learns it is called, such as "Percheron Scenes".</param>
/// <param name="Source">Where the documents are from and how they were made.</param>
/// <param name="License">Licence of weights that are trained on them, as <c>general.license</c> spells it: <c>mit</c>, or <c>cc-by-sa-4.0</c> where the data is share-alike.</param>
/// <param name="Specials">Spellings of the special tokens behind the text's, in order of their ids.</param>
/// <param name="Codes">Where codes stand; null for text.</param>
public sealed record TokenCorpusDescription(string Name, string Source, string License, IReadOnlyList<string> Specials, CodeLayout? Codes = null);
