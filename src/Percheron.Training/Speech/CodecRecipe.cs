using Percheron.Codecs.Speech;

namespace Percheron.Training.Speech;

/// <summary>How a speech codec is made.</summary>
public sealed record CodecRecipe
{
    /// <summary>What log-mel frames are made of.</summary>
    public MelSettings Mel { get; init; } = new();

    /// <summary>Log-mel frames of one coded frame.</summary>
    public int Stack { get; init; } = 2;

    /// <summary>Number of books.</summary>
    public int Books { get; init; } = 4;

    /// <summary>Codes of a book, with the one that says that there is nothing.</summary>
    public int Count { get; init; } = 256;

    /// <summary>Training strings of digits that the books are learned from.</summary>
    public int Strings { get; init; } = 2000;

    /// <summary>Passes over the data for each book.</summary>
    public int Rounds { get; init; } = 20;

    /// <summary>Passes in which all books move together, behind those of each.</summary>
    public int Joint { get; init; } = 8;

    /// <summary>Partial sums that are kept when a frame is coded in those passes.</summary>
    public int Paths { get; init; } = 4;

    /// <summary>Whether a linear decoder over neighbouring frames is fitted behind the books.</summary>
    public bool Decoder { get; init; } = true;

    /// <summary>Passes in all.</summary>
    public int Steps => (Books * Rounds) + Joint;
}
