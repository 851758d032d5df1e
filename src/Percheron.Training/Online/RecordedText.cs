namespace Percheron.Training.Online;

/// <summary>One text and what its target answered where it was written.</summary>
/// <param name="Tokens">The text, prompt included.</param>
/// <param name="Answers">Positions i, ascending, with the target's logits for the token behind i [vocab], and whether a guess for it was refused.</param>
public sealed record RecordedText(int[] Tokens, IReadOnlyList<(int Position, float[] Logits, bool Refused)> Answers)
{
    /// <summary>How many guesses were refused.</summary>
    public int Refused => Answers.Count(answer => answer.Refused);
}
