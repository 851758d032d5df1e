namespace Percheron.Training.Corpus;

/// <summary>One documentation entry as the model reads and writes it.</summary>
/// <param name="Member">The documentation id, such as <c>M:System.IO.File.ReadAllText(System.String)</c>.</param>
/// <param name="Text">The id on the first line, then one C# documentation-comment line per element; every line ends in a line feed.</param>
public sealed record Document(string Member, string Text)
{
    /// <summary>Whether the entry belongs to the held-out split.</summary>
    public bool IsHeldOut { get; } = HeldOut.Contains(Member);
}
