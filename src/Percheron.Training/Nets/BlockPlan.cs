namespace Percheron.Training.Nets;

/// <summary>Sizes of a block draft.</summary>
/// <param name="Shape">Its layers; width and vocabulary are the target's.</param>
/// <param name="States">States of the target it reads, ascending.</param>
/// <param name="Rows">Rows of a block: the last known token and masks.</param>
/// <param name="FirstGuess">First row that guesses: 1 where a row guesses the token at its own position, 0 where it guesses the next one.</param>
/// <param name="Rank">Of the bias by the token before; 0 for none.</param>
public sealed record BlockPlan(LlamaShape Shape, IReadOnlyList<int> States, int Rows, int FirstGuess, int Rank)
{
    /// <summary>Guesses of a block.</summary>
    public int Guesses => Rows - FirstGuess;
}
