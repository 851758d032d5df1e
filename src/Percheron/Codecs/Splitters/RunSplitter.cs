namespace Percheron.Codecs.Splitters;

/// <summary><c>\s?[…]{1,n}</c>: runs of one class of characters, isolated from all others.</summary>
internal sealed class RunSplitter : PatternSplitter
{
    /// <summary>Categories of the class.</summary>
    public uint Classes { get; init; }

    /// <summary>Code points of the class beside the categories.</summary>
    public CodePointSet? Points { get; init; }

    /// <summary>The class is everything but <see cref="Classes"/> and <see cref="Points"/>.</summary>
    public bool Negated { get; init; }

    /// <summary>Longest run that is one word.</summary>
    public int Most { get; init; } = int.MaxValue;

    /// <summary>Classes of one optional character before the run.</summary>
    public uint Before { get; init; }

    /// <summary>One optional character before the run.</summary>
    public char? LeadingCharacter { get; init; }

    protected override int Match(ReadOnlySpan<char> text, int start)
    {
        if ((CharacterClasses.At(text, start, out int width) & Before) != 0 || LeadingCharacter == text[start])
        {
            int body = start + width;
            int end = Run(text, body);
            if (end > body) return end;
        }
        return Run(text, start);
    }

    private int Run(ReadOnlySpan<char> text, int start)
    {
        int at = start;
        for (int taken = 0; taken < Most && at < text.Length; taken++)
        {
            bool isMember = (CharacterClasses.At(text, at, out int width) & Classes) != 0
                || (Points is not null && Points.Contains(CharacterClasses.CodePoint(text, at, out width)));
            if (isMember == Negated) break;
            at += width;
        }
        return at;
    }
}
