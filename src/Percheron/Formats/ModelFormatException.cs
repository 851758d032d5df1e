using System.Text;

namespace Percheron.Formats;

/// <summary>A model file that is damaged, hostile or of a kind Percheron cannot read; the message is one line: file, byte offset, reason.</summary>
public sealed class ModelFormatException : Exception
{
    private const int LongestReason = 400;

    /// <param name="fileName">Path as the caller gave it.</param>
    /// <param name="offset">Byte of the file at which the fault was noticed.</param>
    /// <param name="reason">What is wrong and, where it helps, what to do. May quote the file: control characters are replaced and the length is bounded.</param>
    /// <param name="inner">The exception of a parser underneath, if any.</param>
    public ModelFormatException(string fileName, long offset, string reason, Exception? inner = null)
        : base($"{OneLine(fileName, int.MaxValue)}: at byte {offset}: {OneLine(reason, LongestReason)}", inner)
    {
        FileName = fileName;
        Offset = offset;
        Reason = OneLine(reason, LongestReason);
    }

    public string FileName { get; }

    public long Offset { get; }

    public string Reason { get; }

    private static string OneLine(string text, int longest)
    {
        StringBuilder line = new(Math.Min(text.Length, longest));
        foreach (char c in text)
        {
            if (line.Length == longest) return line.Append('…').ToString();
            line.Append(char.IsControl(c) || c is '\u2028' or '\u2029' ? '\ufffd' : c);
        }
        return line.ToString();
    }
}
