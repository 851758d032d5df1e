using System.Globalization;
using System.Text;

namespace Percheron.Codecs;

/// <summary>Unicode's canonical normalization forms, which .NET leaves to a system library that programs without cultures do not load.</summary>
/// <remarks>Source: Unicode Standard Annex 15, and chapter 3.12 of the standard for Hangul.</remarks>
internal static class CanonicalForm
{
    // Below this nothing decomposes into what comes before it, composes or is reordered, so that the text is in form C.
    private const char FirstOfInterest = '\u0300';

    private const int HangulBase = 0xAC00, LeadBase = 0x1100, VowelBase = 0x1161, TailBase = 0x11A7;
    private const int Leads = 19, Vowels = 21, Tails = 28;

    private static readonly Dictionary<int, (int First, int Second)> Parts = [];
    private static readonly Dictionary<(int, int), int> Wholes = [];
    private static readonly Dictionary<int, byte> Classes = [];

    static CanonicalForm()
    {
        using StreamReader table = new(typeof(CanonicalForm).Assembly.GetManifestResourceStream("Percheron.Codecs.CanonicalForm.txt")!);
        while (table.ReadLine() is { } line)
        {
            if (line[0] == '#') continue;
            foreach (string entry in line.Split(',')) Learn(entry);
        }
    }

    /// <summary>Form C: decomposed, then composed where a single character exists. A lone surrogate becomes U+FFFD.</summary>
    public static string Compose(string text)
    {
        if (text.AsSpan().IndexOfAnyExceptInRange('\0', (char)(FirstOfInterest - 1)) < 0) return text;
        List<int> points = Decomposed(text);
        int kept = 0;
        int starter = -1;
        for (int i = 0; i < points.Count; i++)
        {
            int point = points[i];
            int order = Class(point);
            // What stands between would block: something of the same or a higher class, or another starter.
            bool adjacent = starter >= 0 && (kept - 1 == starter || (Class(points[kept - 1]) < order && Class(points[kept - 1]) > 0));
            if (adjacent && TryJoin(points[starter], point, out int whole))
            {
                points[starter] = whole;
                continue;
            }
            if (order == 0) starter = kept;
            points[kept++] = point;
        }
        points.RemoveRange(kept, points.Count - kept);
        return Text(points);
    }

    /// <summary>Form D: every character taken apart, marks in the order of their classes. A lone surrogate becomes U+FFFD.</summary>
    public static string Decompose(string text) => Ascii.IsValid(text) ? text : Text(Decomposed(text));

    private static List<int> Decomposed(string text)
    {
        List<int> points = new(text.Length + 16);
        foreach (Rune rune in text.EnumerateRunes()) TakeApart(rune.Value, points);
        for (int i = 1; i < points.Count; i++)
        {
            int order = Class(points[i]);
            if (order == 0 || Class(points[i - 1]) <= order) continue;
            int end = i + 1;
            int start = i;
            while (start > 0 && Class(points[start - 1]) > 0) start--;
            while (end < points.Count && Class(points[end]) > 0) end++;
            // A stable sort of the whole run: an insertion at a time would be slow on a long run of marks.
            int[] run = [.. points.GetRange(start, end - start).OrderBy(Class)];
            for (int k = 0; k < run.Length; k++) points[start + k] = run[k];
            i = end - 1;
        }
        return points;
    }

    private static void TakeApart(int point, List<int> points)
    {
        if (point is >= HangulBase and < HangulBase + Leads * Vowels * Tails)
        {
            int syllable = point - HangulBase;
            points.Add(LeadBase + syllable / (Vowels * Tails));
            points.Add(VowelBase + syllable / Tails % Vowels);
            if (syllable % Tails > 0) points.Add(TailBase + syllable % Tails);
        }
        else if (Parts.TryGetValue(point, out (int First, int Second) parts))
        {
            TakeApart(parts.First, points);
            if (parts.Second > 0) points.Add(parts.Second);
        }
        else
        {
            points.Add(point);
        }
    }

    private static bool TryJoin(int first, int second, out int whole)
    {
        whole = 0;
        if (first is >= LeadBase and < LeadBase + Leads && second is >= VowelBase and < VowelBase + Vowels)
            whole = HangulBase + ((first - LeadBase) * Vowels + second - VowelBase) * Tails;
        else if (first is >= HangulBase and < HangulBase + Leads * Vowels * Tails && (first - HangulBase) % Tails == 0 && second is > TailBase and < TailBase + Tails)
            whole = first + second - TailBase;
        else return Wholes.TryGetValue((first, second), out whole);
        return true;
    }

    private static int Class(int point) => point < FirstOfInterest ? 0 : Classes.GetValueOrDefault(point);

    private static string Text(List<int> points)
    {
        StringBuilder text = new(points.Count);
        Span<char> units = stackalloc char[2];
        foreach (int point in points) text.Append(units[..new Rune(point).EncodeToUtf16(units)]);
        return text.ToString();
    }

    /// <summary>Takes in <c>C0=41 300</c> (takes apart and composes), <c>340&gt;300</c> (takes apart only) or <c>300-314:230</c> (a class).</summary>
    private static void Learn(string entry)
    {
        int mark = entry.AsSpan().IndexOfAny("=>-");
        int point = Hex(entry[..mark]);
        string[] rest = entry[(mark + 1)..].Split(' ', ':');
        if (entry[mark] == '-')
        {
            for (int at = point; at <= Hex(rest[0]); at++) Classes[at] = byte.Parse(rest[1], CultureInfo.InvariantCulture);
            return;
        }
        (int First, int Second) parts = (Hex(rest[0]), rest.Length > 1 ? Hex(rest[1]) : 0);
        Parts[point] = parts;
        if (entry[mark] == '=') Wholes[parts] = point;
    }

    private static int Hex(string digits) => int.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
