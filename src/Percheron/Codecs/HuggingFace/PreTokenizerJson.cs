using System.Text.Json;
using System.Text.RegularExpressions;
using Percheron.Codecs.Splitters;

namespace Percheron.Codecs.HuggingFace;

/// <summary>Reads the <c>pre_tokenizer</c> of a <c>tokenizer.json</c>.</summary>
internal sealed class PreTokenizerJson(JsonFields fields)
{
    public List<PreTokenizer> Stages { get; } = [];

    public SpaceMarks? Marks { get; private set; }

    public bool IsByteLevel { get; private set; }

    public bool PrefixesSpace { get; private set; }

    /// <summary>Takes in one pre-tokenizer or a sequence of them.</summary>
    public void Read(JsonElement element)
    {
        string type = fields.Text(element, "type");
        if (Marks is not null) throw fields.Fault($"pre-tokenizer '{type}' after Metaspace is not supported");
        switch (type)
        {
            case "Sequence":
                foreach (JsonElement item in fields.Items(element, "pretokenizers")) Read(item);
                break;
            case "ByteLevel":
                ReadByteLevel(element);
                break;
            case "Split":
                Stages.Add(ReadSplit(element));
                break;
            case "Digits":
                Stages.Add(ReadDigits(element));
                break;
            case "Punctuation":
                Stages.Add(Punctuation(ReadBehavior(element)));
                break;
            case "Metaspace":
                Marks = ReadMetaspace(element);
                break;
            case "WhitespaceSplit":
                Stages.Add(new RegexSplitter(@"\s", SplitBehavior.Removed, invert: false));
                break;
            case "Whitespace":
                Stages.Add(new RegexSplitter(@"\w+|[^\w\s]+", SplitBehavior.Removed, invert: true));
                break;
            case "BertPreTokenizer":
                Stages.Add(new RegexSplitter(@"\s", SplitBehavior.Removed, invert: false));
                Stages.Add(Punctuation(SplitBehavior.Isolated));
                break;
            default:
                throw fields.Fault($"pre-tokenizer '{type}' is not supported");
        }
    }

    private void ReadByteLevel(JsonElement element)
    {
        IsByteLevel = true;
        if (fields.Flag(element, "add_prefix_space", true))
        {
            if (Stages.Count > 0) throw fields.Fault("a ByteLevel pre-tokenizer that adds a space to each piece of others is not supported");
            PrefixesSpace = true;
        }
        if (!fields.Flag(element, "use_regex", true)) return;
        PatternCatalog.TryGet("gpt-2", out PatternCatalog.Pattern pattern);
        Stages.AddRange(pattern.Stages);
    }

    private RunSplitter ReadDigits(JsonElement element)
    {
        int most = fields.Flag(element, "individual_digits", false) ? 1 : int.MaxValue;
        // After a ByteLevel the text is bytes in its alphabet, where only ASCII digits are still digits.
        return IsByteLevel ? new RunSplitter { Points = new CodePointSet("0-9"), Most = most } : new RunSplitter { Classes = CharacterClasses.Number, Most = most };
    }

    private PreTokenizer ReadSplit(JsonElement element)
    {
        SplitBehavior behavior = ReadBehavior(element);
        bool invert = fields.Flag(element, "invert", false);
        string pattern = Pattern(fields, element);
        // The known patterns match all of a text or isolate what they match; then it makes no difference which side is called the match.
        if (behavior == SplitBehavior.Isolated && KnownPatterns.Find(pattern) is { } known) return known;
        if (behavior == SplitBehavior.Removed && invert && pattern.EndsWith(@"|\s+", StringComparison.Ordinal) && KnownPatterns.Find(pattern) is { } whole and not DeepSeekSplitter) return whole;
        try
        {
            return new RegexSplitter(pattern, behavior, invert) { Source = fields.Path }.Checked();
        }
        catch (ArgumentException e)
        {
            throw fields.Fault($"the pattern '{pattern}' is not understood: {e.Message}");
        }
    }

    /// <summary>The <c>pattern</c> of an element as a regular expression.</summary>
    public static string Pattern(JsonFields fields, JsonElement element)
    {
        JsonElement pattern = fields.Member(element, "pattern", JsonValueKind.Object);
        return JsonFields.Has(pattern, "Regex", out _) ? fields.Text(pattern, "Regex") : Regex.Escape(fields.Text(pattern, "String"));
    }

    private SplitBehavior ReadBehavior(JsonElement element)
    {
        string name = fields.Text(element, "behavior", nameof(SplitBehavior.Isolated));
        return Enum.TryParse(name, out SplitBehavior behavior) && Enum.IsDefined(behavior) ? behavior : throw fields.Fault($"split behavior '{name}' is not known");
    }

    private static PreTokenizer Punctuation(SplitBehavior behavior)
    {
        const string AsciiSymbols = "$+<=>^`|~";
        return behavior switch
        {
            SplitBehavior.Isolated => new RunSplitter { Classes = CharacterClasses.Punctuation, Points = new CodePointSet(AsciiSymbols), Most = 1 },
            SplitBehavior.Contiguous => new RunSplitter { Classes = CharacterClasses.Punctuation, Points = new CodePointSet(AsciiSymbols) },
            _ => new RegexSplitter($@"[\p{{P}}{Regex.Escape(AsciiSymbols)}]", behavior, invert: false),
        };
    }

    private SpaceMarks ReadMetaspace(JsonElement element)
    {
        string mark = fields.Text(element, "replacement", Tokenizer.SpaceMark.ToString());
        if (mark != Tokenizer.SpaceMark.ToString()) throw fields.Fault($"a Metaspace that writes '{mark}' for a space is not supported");
        string scheme = fields.Text(element, "prepend_scheme", fields.Flag(element, "add_prefix_space", true) ? "always" : "never");
        SpacePrefix prefix = scheme switch
        {
            "always" => SpacePrefix.Missing,
            "first" => SpacePrefix.First,
            "never" => SpacePrefix.None,
            _ => throw fields.Fault($"prepend scheme '{scheme}' is not known"),
        };
        return new SpaceMarks(prefix, fields.Flag(element, "split", true));
    }
}
