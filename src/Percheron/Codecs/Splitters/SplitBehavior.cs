namespace Percheron.Codecs.Splitters;

/// <summary>What becomes of a match that separates words.</summary>
internal enum SplitBehavior
{
    /// <summary>It is a word.</summary>
    Isolated,

    /// <summary>It is dropped.</summary>
    Removed,

    /// <summary>It ends the word before it.</summary>
    MergedWithPrevious,

    /// <summary>It begins the word after it.</summary>
    MergedWithNext,

    /// <summary>Adjacent matches are one word.</summary>
    Contiguous,
}
