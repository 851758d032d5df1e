namespace Percheron.Training.Features;

/// <summary>Whose text the hidden states are those of.</summary>
public enum FeatureData
{
    /// <summary>The documents.</summary>
    Corpus,

    /// <summary>What the target writes at temperature 1 after the first line of a document.</summary>
    Teacher,

    /// <summary>Two rows of each in turn.</summary>
    Mixed,
}
