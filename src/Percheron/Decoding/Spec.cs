using System.Text;

namespace Percheron.Decoding;

/// <summary>
/// The text form of a drafter or verifier, parsed but not yet built: <c>name</c>, <c>name(value, …, option=value, …)</c> nested, or <c>@path</c>.
/// </summary>
/// <param name="Name">Catalogue name, file name (with <see cref="IsFile"/>) or literal value.</param>
/// <param name="Arguments">Arguments in order; the option name is null for a positional one.</param>
/// <param name="IsFile">Whether it was written <c>@path</c>.</param>
public sealed record Spec(string Name, IReadOnlyList<(string? Option, Spec Value)> Arguments, bool IsFile = false)
{
    private const int MaxDepth = 16;

    /// <summary>Parses a spec.</summary>
    /// <exception cref="SpecException">The text is not a spec.</exception>
    public static Spec Parse(string text)
    {
        int at = 0;
        Spec spec = Parse(text, ref at, 0);
        SkipSpace(text, ref at);
        return at == text.Length ? spec : throw Wrong(text, at, "expected the end");
    }

    /// <summary>The spec written the one canonical way.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(IsFile ? "@" : "").Append(Name);
        if (Arguments.Count == 0) return text.ToString();
        text.Append('(');
        for (int i = 0; i < Arguments.Count; i++)
        {
            if (i > 0) text.Append(", ");
            if (Arguments[i].Option is { } option) text.Append(option).Append('=');
            text.Append(Arguments[i].Value);
        }
        return text.Append(')').ToString();
    }

    private static Spec Parse(string text, ref int at, int depth)
    {
        if (depth > MaxDepth) throw new SpecException($"'{Shorten(text)}' is nested deeper than {MaxDepth} levels");
        SkipSpace(text, ref at);
        bool file = at < text.Length && text[at] == '@';
        if (file) at++;
        string name = Word(text, ref at);
        if (name.Length == 0) throw Wrong(text, at, "expected a name or value");
        var arguments = new List<(string?, Spec)>();
        if (file || at >= text.Length || text[at] != '(') return new Spec(name, arguments, file);
        at++;
        SkipSpace(text, ref at);
        if (at < text.Length && text[at] == ')')
        {
            at++;
            return new Spec(name, arguments);
        }
        while (true)
        {
            arguments.Add(Argument(text, ref at, depth));
            SkipSpace(text, ref at);
            if (at >= text.Length) throw Wrong(text, at, "expected ')'");
            char c = text[at++];
            if (c == ')') return new Spec(name, arguments);
            if (c != ',') throw Wrong(text, at - 1, "expected ',' or ')'");
        }
    }

    private static (string?, Spec) Argument(string text, ref int at, int depth)
    {
        int before = at;
        SkipSpace(text, ref at);
        string word = Word(text, ref at);
        if (word.Length > 0 && at < text.Length && text[at] == '=')
        {
            at++;
            return (word, Parse(text, ref at, depth + 1));
        }
        at = before;
        return (null, Parse(text, ref at, depth + 1));
    }

    private static string Word(string text, ref int at)
    {
        int from = at;
        while (at < text.Length && text[at] is not ('(' or ')' or ',' or '=')) at++;
        return text[from..at].Trim();
    }

    private static void SkipSpace(string text, ref int at)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at])) at++;
    }

    private static SpecException Wrong(string text, int at, string what) => new($"'{Shorten(text)}': {what} at character {at + 1}");

    private static string Shorten(string text) => text.Length <= 80 ? text : text[..77] + "…";
}
