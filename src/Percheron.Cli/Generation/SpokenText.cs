using System.Text;

namespace Percheron.Cli.Generation;

/// <summary>A text as it is spoken: lower case, digits as words, one space between words and no punctuation.</summary>
internal static class SpokenText
{
    private static readonly string[] Digits = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

    public static string Of(string text)
    {
        StringBuilder spoken = new();
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (rune.Value is >= '0' and <= '9') spoken.Append(' ').Append(Digits[rune.Value - '0']).Append(' ');
            else if (Rune.IsLetter(rune) || rune.Value == '\'') spoken.Append(Rune.ToLowerInvariant(rune));
            else spoken.Append(' ');
        }
        return string.Join(' ', spoken.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }
}
