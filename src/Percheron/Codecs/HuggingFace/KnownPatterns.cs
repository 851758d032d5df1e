using Percheron.Codecs.Splitters;

namespace Percheron.Codecs.HuggingFace;

/// <summary>Regular expressions found in published <c>tokenizer.json</c> files that have a splitter written by hand.</summary>
internal static class KnownPatterns
{
    private const string Tails = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
    private const string Upper = @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]";
    private const string Lower = @"[\p{Ll}\p{Lm}\p{Lo}\p{M}]";
    private const string Spaces = @"|\s*[\r\n]+|\s+(?!\S)|\s+";

    private static readonly Dictionary<string, string> Names = new()
    {
        [@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"] = "gpt-2",
        [$@"{Tails}|[^\r\n\p{{L}}\p{{N}}]?\p{{L}}+|\p{{N}}{{1,3}}| ?[^\s\p{{L}}\p{{N}}]+[\r\n]*{Spaces}"] = "llama3",
        [$@"{Tails}|[^\r\n\p{{L}}\p{{N}}]?\p{{L}}+|\p{{N}}| ?[^\s\p{{L}}\p{{N}}]+[\r\n]*{Spaces}"] = "qwen2",
        [$@"{Tails}|[^\r\n\p{{L}}\p{{N}}]?\p{{L}}+|\p{{N}}| ?[^\s\p{{L}}\p{{N}}]+[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+"] = "bailingmoe",
        [$@"{Tails}|[^\r\n\p{{L}}\p{{N}}]?[\p{{L}}\p{{M}}]+|\p{{N}}| ?[^\s\p{{L}}\p{{M}}\p{{N}}]+[\r\n]*{Spaces}"] = "qwen35",
        [$@"{Tails}|[^\r\n\p{{L}}\p{{N}}]?\p{{L}}+|\p{{N}}| ?[^\s\p{{L}}\p{{N}}\r\n]+{Spaces}"] = "seed-coder",
        [$@"{Upper}*{Lower}+{Tails}?|{Upper}+{Lower}*{Tails}?|\p{{N}}{{1,3}}| ?[^\s\p{{L}}\p{{N}}]+[\r\n/]*{Spaces}"] = "gpt-4o",
        [$@"{Upper}*{Lower}+|{Upper}+{Lower}*|\p{{N}}| ?[^\s\p{{L}}\p{{N}}]+[\r\n/]*{Spaces}"] = "tekken",
    };

    private static readonly RunSplitter LineBreaks = new() { Classes = CharacterClasses.LineBreak, Most = 1 };
    private static readonly DeepSeekSplitter DeepSeek = new();

    /// <summary>The splitter of a pattern, or <c>null</c> where it is not among the known ones.</summary>
    public static PreTokenizer? Find(string pattern)
    {
        // The same pattern is spelled in several ways: possessive repeats, a shorter contraction group, line breaks as themselves.
        string canonical = pattern.Replace("\r", @"\r", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal)
            .Replace("?+", "?", StringComparison.Ordinal).Replace("++", "+", StringComparison.Ordinal)
            .Replace(@"\p{N}{1}", @"\p{N}", StringComparison.Ordinal)
            .Replace("'(?i:[sdmt]|ll|ve|re)", Tails, StringComparison.Ordinal);
        if (Names.TryGetValue(canonical, out string? name) && PatternCatalog.TryGet(name, out PatternCatalog.Pattern known)) return known.Stages[0];
        return canonical switch
        {
            @"\p{N}" => new RunSplitter { Classes = CharacterClasses.Number, Most = 1 },
            @"\p{N}{1,3}" => new RunSplitter { Classes = CharacterClasses.Number, Most = 3 },
            @"\p{N}+" => new RunSplitter { Classes = CharacterClasses.Number },
            "[0-9][0-9][0-9]" => new TripleDigitSplitter(),
            @"[\r\n]" => LineBreaks,
            @"\s?\p{L}+" => new RunSplitter { Classes = CharacterClasses.Letter, Before = CharacterClasses.WhiteSpace },
            @"\s?\p{P}+" => new RunSplitter { Classes = CharacterClasses.Punctuation, Before = CharacterClasses.WhiteSpace },
            @"\s+$" => new TrailingSpaceSplitter(),
            @"[!""#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+" => DeepSeek,
            _ => PointRun(canonical),
        };
    }

    /// <summary><c>\s?[…]+</c> and <c>[…]+</c> whose brackets hold nothing but code points and ranges.</summary>
    private static RunSplitter? PointRun(string pattern)
    {
        bool before = pattern.StartsWith(@"\s?", StringComparison.Ordinal);
        string bracket = before ? pattern[3..] : pattern;
        if (bracket.Length < 4 || bracket[0] != '[' || !bracket.EndsWith("]+", StringComparison.Ordinal)) return null;
        string points = bracket[1..^2];
        if (points[0] is '^' or '-' || points.AsSpan().IndexOfAny(@"\[]&") >= 0) return null;
        return new RunSplitter { Points = new CodePointSet(points), Before = before ? CharacterClasses.WhiteSpace : 0 };
    }
}
