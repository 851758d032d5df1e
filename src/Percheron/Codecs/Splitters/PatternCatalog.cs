using static Percheron.Codecs.CharacterClasses;

namespace Percheron.Codecs.Splitters;

/// <summary>The published pre-tokenizer patterns by the names GGUF files give them (<c>tokenizer.ggml.pre</c>).</summary>
/// <remarks>A name maps to stages applied one after another; families share them. An absent name means <c>default</c>, as in llama.cpp.</remarks>
internal static class PatternCatalog
{
    private static readonly PreTokenizer Gpt2 = new Gpt2Splitter();
    private static readonly PreTokenizer Llama3 = new Llama3Splitter();
    private static readonly PreTokenizer Qwen2 = new Llama3Splitter { Digits = 1 };
    private static readonly PreTokenizer Digit = Digits(1);
    private static readonly PreTokenizer LineBreaks = new RunSplitter { Classes = LineBreak, Most = 1 };
    private static readonly PreTokenizer Lines = new LineSplitter();
    private static readonly PreTokenizer EastAsian = new RunSplitter { Points = new("\u4E00-\u9FA5\u0800-\u4E00\uAC00-\uD7FF") };
    private static readonly PreTokenizer HanAndKana = new RunSplitter { Points = new("\u4E00-\u9FA5\u3040-\u309F\u30A0-\u30FF") };
    private static readonly PreTokenizer Phrases = new RunSplitter
    {
        Classes = WhiteSpace,
        Points = new("(|.,!?\u2026\u3002\uFF0C\u3001\u0964\u06D4\u060C)"),
        Negated = true,
        LeadingCharacter = ' ',
    };

    private static readonly CodePointSet CasedLetters = new(
        "A-Za-z\u00B5\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u01BA\u01BC-\u01BF\u01C4-\u0293\u0295-\u02AF\u0370-\u0373\u0376\u0377"
        + "\u037B-\u037D\u037F\u0386\u0388-\u038A\u038C\u038E-\u03A1\u03A3-\u03F5\u03F7-\u0481\u048A-\u052F\u0531-\u0556"
        + "\u10A0-\u10C5\u13A0-\u13F5\u13F8-\u13FD\u1C90-\u1CBA\u1CBD-\u1CBF\u1D00-\u1D2B\u1D6B-\u1D77\u1D79-\u1D9A\u1E00-\u1F15"
        + "\u1F18-\u1F1D\u1F20-\u1F45\u1F48-\u1F4D\u1F50-\u1F57\u1F59\u1F5B\u1F5D\u1F5F-\u1F7D\u1F80-\u1FB4\u1FB6-\u1FBC\u1FBE"
        + "\u1FC2-\u1FC4\u1FC6-\u1FCC\u1FD0-\u1FD3\u1FD6-\u1FDB\u1FE0-\u1FEC\u1FF2-\u1FF4\u1FF6-\u1FFC\u2102\u2107\u210A-\u2113"
        + "\u2115\u2119-\u211D\u2124\u2126\u2128\u212A-\u212D\u212F-\u2134\u2139\u213C-\u213F\u2145-\u2149\u214E\u2183\u2184"
        + "\u2C00-\u2C7B\u2C7E-\u2CE4\u2CEB-\u2CEE\u2CF2\u2CF3\uA640-\uA66D\uA680-\uA69B\uA722-\uA76F\uA771-\uA787\uA78B-\uA78E"
        + "\uAB70-\uABBF\uFB00-\uFB06\uFB13-\uFB17\uFF21-\uFF3A\uFF41-\uFF5A\U00010400-\U0001044F\U000104B0-\U000104D3"
        + "\U000104D8-\U000104FB\U00010C80-\U00010CB2\U00010CC0-\U00010CF2\U000118A0-\U000118DF\U0001E900-\U0001E943");

    private static readonly Dictionary<string, Pattern> ByName = Build();

    /// <summary>Every name there is a pattern for, in alphabetical order.</summary>
    public static IEnumerable<string> Names => ByName.Keys.Order(StringComparer.Ordinal);

    public static bool TryGet(string name, out Pattern pattern)
    {
        bool found = ByName.TryGetValue(name, out Pattern? known);
        pattern = known ?? ByName["default"];
        return found;
    }

    private static RunSplitter Digits(int most) => new() { Classes = Number, Most = most };

    private static RunSplitter Punctuations(string more) => new() { Classes = Punctuation, Points = new(more) };

    private static Dictionary<string, Pattern> Build()
    {
        Dictionary<string, Pattern> patterns = [];
        void Add(Pattern pattern, params ReadOnlySpan<string> names)
        {
            foreach (string name in names) patterns.Add(name, pattern);
        }

        Add(new([Gpt2]), "gpt-2", "phi-2", "jina-es", "jina-de", "jina-v1-en", "jina-v2-es", "jina-v2-de", "jina-v2-code", "roberta-bpe", "mpt", "olmo", "jais",
            "gigachat", "a.x-4.0", "mellum", "modern-bert", "exaone4", "trillion", "granite-docling");
        Add(new([Digit, Gpt2]), "starcoder", "refact", "command-r", "smollm", "codeshell", "exaone", "minerva-7b", "mellum2");
        Add(new([Llama3]) { IgnoreMerges = true, AddBos = true }, "llama3", "llama-v3", "llama-bpe", "falcon3", "falcon-h1", "pixtral", "midm-2.0", "lfm2", "jina-v5-nano");
        Add(new([Llama3]), "dbrx", "smaug-bpe", "glm4", "chatglm-bpe");
        Add(new([Qwen2]), "qwen2", "stablelm2", "deepseek-r1-qwen", "kormo", "f2llmv2", "megrez", "hunyuan", "grok-2", "solar-open", "bailingmoe", "bailingmoe2", "llada-moe");
        Add(new([new Llama3Splitter { Digits = 1, Letters = Letter | Mark }]), "qwen35");
        Add(new([new Llama3Splitter { Digits = 1, PunctuationTakesBreaks = false }]), "seed-coder");
        Add(new([new Llama3Splitter { Digits = 1, Contractions = false }]), "ufakzeka");
        Add(new([Lines, Qwen2]), "laguna");
        Add(new([Digits(3), new Llama3Splitter { Digits = int.MaxValue }]) { IgnoreMerges = true }, "minicpm5");
        Add(new([new CasedSplitter()]), "gpt-4o", "llama4", "kanana2", "talkie", "minimax-m2");
        Add(new([new CasedSplitter { Digits = 1, Contractions = false }]) { IgnoreMerges = true, AddBos = true }, "tekken");
        Add(new([LineBreaks, new RunSplitter { Points = CasedLetters, Before = WhiteSpace },
            new RunSplitter { Points = new("!-/:-~\uFF01-\uFF0F\uFF1A-\uFF5E\u2018-\u201F\u3000-\u3002"), Before = WhiteSpace },
            new TrailingSpaceSplitter(), EastAsian, Digits(int.MaxValue)]), "deepseek-llm");
        Add(new([LineBreaks, new RunSplitter { Classes = Letter, Before = WhiteSpace }, new RunSplitter { Classes = Punctuation, Before = WhiteSpace }, EastAsian, Digit]), "deepseek-coder");
        Add(new([Digits(3), HanAndKana, new DeepSeekSplitter()]), "deepseek-v3", "hunyuan-dense", "joyai-llm", "hy_v4");
        Add(new([Punctuations("$+<=>^~|`"), Gpt2, new TripleDigitSplitter()]), "falcon");
        Add(new([Punctuations("$+<=>^~|"), Gpt2, Digits(int.MaxValue), new TripleDigitSplitter()]), "default");
        Add(new([Phrases]), "poro-chat", "bloom", "gpt3-finnish");
        Add(new([Phrases, Digit]), "viking");
        AddRare(Add);
        return patterns;
    }

    /// <summary>Patterns too rare to be written by hand.</summary>
    private static void AddRare(Adder add)
    {
        const string Tails = "(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])";
        const string Upper = @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]";
        const string Lower = @"[\p{Ll}\p{Lm}\p{Lo}\p{M}]";
        const string Lines = @"|\s*[\r\n]+|\s+(?!\S)|\s+";
        string cascade = string.Concat(new[] { 512, 256, 128, 64, 32, 16, 8, 4 }.Select(length => $@"|\s{{{length}}}(?!\S)"));

        add(new([new RegexSplitter($@"{Tails}|[^\r\n\p{{L}}\p{{N}}]?\p{{L}}+|\p{{N}}{{1,3}}| ?[^\s\p{{L}}\p{{N}}]+[\r\n]*|\s*[\r\n]+{cascade}|\s{{1,2}}(?!\S)|\s{{1}}")]), "jais-2");
        add(new([new RegexSplitter($@"{Tails}|[^\r\n\p{{L}}\p{{N}}]?(?:\p{{L}}\p{{M}}*(?: \p{{L}}\p{{M}}*)*)+|\p{{N}}| ?[^\s\p{{L}}\p{{N}}]+[\r\n/]?|\s*[\r\n]|\s+(?!\S)|\s+")]), "exaone-moe");
        add(new([new RegexSplitter(@"[\uAC00-\uD7A3\u3131-\u318E]+|[！…“”‘’—：；，\u3001-\u303F\uFE30-\uFE4F]+|[\u3105-\u312F]+|[\u4E00-\u9FA5\u3040-\u309F\u30A0-\u30FF]+"),
            new RegexSplitter($@"{Upper}*{Lower}+{Tails}?|{Upper}+{Lower}*{Tails}?|\p{{N}}| ?[^\s\p{{L}}\p{{N}}]+[\r\n/]*{Lines}")]) { IgnoreMerges = true }, "youtu");
        add(new([new RegexSplitter("<sentinel:[0-9]+>"), new RegexSplitter("(?:IMGIMG)(?:A|B|C|D|E|F|G|H|I){1,4}Z"), new RegexSplitter(@"[\t\n]|    |  "), Digit,
            new RegexSplitter(@"[\p{P}!-/:-@\[-`{-~]"), Gpt2]) { AddBos = true }, "chameleon");
    }

    private delegate void Adder(Pattern pattern, params ReadOnlySpan<string> names);

    /// <summary>The stages of a named pattern and what else its name implies.</summary>
    /// <param name="Stages">Splitters, applied one after another.</param>
    internal sealed record Pattern(PreTokenizer[] Stages)
    {
        /// <summary>A word that is a token is taken whole, without merging.</summary>
        public bool IgnoreMerges { get; init; }

        /// <summary>The beginning-of-text token is added unless the file says otherwise.</summary>
        public bool AddBos { get; init; }
    }
}
