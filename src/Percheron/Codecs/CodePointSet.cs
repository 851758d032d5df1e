namespace Percheron.Codecs;

/// <summary>An explicit set of code points beside the Unicode categories, as the bracket expressions of published patterns list them.</summary>
internal sealed class CodePointSet
{
    private readonly UInt128 _ascii;
    private readonly int[] _starts;
    private readonly int[] _ends;

    /// <param name="ranges">Code points and ranges <c>a-b</c> run together; a hyphen is itself only at the start or the end.</param>
    public CodePointSet(string ranges)
    {
        int[] points = [.. ranges.EnumerateRunes().Select(rune => rune.Value)];
        List<(int Start, int End)> parsed = [];
        for (int i = 0; i < points.Length; i++)
        {
            bool isRange = i + 2 < points.Length && points[i + 1] == '-';
            parsed.Add((points[i], isRange ? points[i + 2] : points[i]));
            if (isRange) i += 2;
        }
        parsed.Sort();
        _starts = [.. parsed.Select(range => range.Start)];
        _ends = [.. parsed.Select(range => range.End)];
        for (int c = 0; c < 128; c++)
            if (Find(c)) _ascii |= UInt128.One << c;
    }

    public bool Contains(int codePoint) => codePoint < 128 ? (_ascii >> codePoint & 1) != 0 : Find(codePoint);

    private bool Find(int codePoint)
    {
        int at = Array.BinarySearch(_starts, codePoint);
        if (at >= 0) return true;
        at = ~at - 1;
        return at >= 0 && codePoint <= _ends[at];
    }
}
