namespace Percheron.Drafters;

/// <summary>
/// What many texts have said, within bounded memory: a young and an old generation of suffix automata. The young one learns; when it holds half of what may be remembered it
/// becomes the old one, which is only read, and what was old is forgotten.
/// </summary>
/// <param name="tokens">Tokens remembered at most; half of them at least, once there were as many.</param>
internal sealed class SuffixMemory(int tokens)
{
    /// <summary>How far one text has come. A default value is a text that has not begun.</summary>
    public struct Mark
    {
        internal int Generation, Whole, Place, Match;
    }

    private int _generation;

    /// <summary>What is being learned.</summary>
    public SuffixAutomaton Young { get; private set; } = new();

    /// <summary>What was learned before it.</summary>
    public SuffixAutomaton Old { get; private set; } = new();

    /// <summary>Memory held, in bytes.</summary>
    public long Bytes => Young.Bytes + Old.Bytes;

    /// <summary>Adds a token to the text of <paramref name="mark"/>.</summary>
    public void Learn(ref Mark mark, int token)
    {
        if (Young.Length >= Math.Max(1, tokens / 2)) Turn();
        Update(ref mark);
        mark.Whole = Young.Append(mark.Whole, token);
        Old.Read(ref mark.Place, ref mark.Match, token);
    }

    /// <summary>Where a text ends among the young, and the length of the match there: the text itself, of which shorter suffixes are found along the links.</summary>
    public (int Place, int Match) InYoung(ref Mark mark)
    {
        Update(ref mark);
        return (mark.Whole, Young.LengthOf(mark.Whole));
    }

    /// <summary>Where a text ends among the old, and the length of the match there.</summary>
    public (int Place, int Match) InOld(ref Mark mark)
    {
        Update(ref mark);
        return (mark.Place, mark.Match);
    }

    /// <summary>Forgets everything; marks begin anew.</summary>
    public void Clear()
    {
        Young.Clear();
        Old.Clear();
        _generation += 2;
    }

    private void Turn()
    {
        (Young, Old) = (Old, Young);
        Young.Clear();
        _generation++;
    }

    // A text that was young is old after one turn and begins anew among the young; after two it is forgotten.
    private void Update(ref Mark mark)
    {
        if (mark.Generation == _generation) return;
        if (mark.Generation == _generation - 1) (mark.Place, mark.Match) = (mark.Whole, Old.LengthOf(mark.Whole));
        else (mark.Place, mark.Match) = (0, 0);
        (mark.Whole, mark.Generation) = (0, _generation);
    }
}
