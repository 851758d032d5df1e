using System.Text;
using System.Text.RegularExpressions;
using Percheron.Codecs.Splitters;
using Percheron.Tests.Support;
using Xunit;

namespace Percheron.Tests.Codecs;

/// <summary>Each splitter cuts every text where its published pattern does.</summary>
public sealed class PatternCatalogTests
{
    private static readonly string[] Alphabet =
    [
        "a", "b", "s", "t", "d", "m", "re", "ve", "ll", "S", "T", "RE", "Ve", "lL", "A", "Z", "'", "'", "'s", "'T", "’", "é", "É", "ß", "ſ", "ǅ", "ª", "ʰ", "µ", "ι", "K", "я", "Я", "ξ", "中", "一", "国", "あ", "ー", "カ", "한", "ㄱ",
        "ا", "ש", "ไ", "ก", "ำ", "े", "ि", "\u0301", "\u20DD", "\u0903", "1", "2", "34", "567", "٣", "५", "½", "Ⅷ", "²", "𝟘", " ", " ", "  ", "   ", "\t", "\n", "\r", "\r\n", "\n\n", "\u00A0", "\u1680", "\u2003", "\u2028", "\u3000", "\u0085", "\v", "\f",
        ".", ",", "!", "?", "…", "。", "，", "、", "।", "۔", "،", "(", ")", "|", "-", "_", "/", "//", "$", "+", "<", "=", ">", "^", "~", "`", "&", "#", "@", "\\", "[", "]", "{", "}", "\"", "%", ":", ";", "*", "！", "：", "～", "‘", "‟", "€", "©", "™", "\u00AD",
        "\u200B", "\u200D", "\uFE0F", "\u0000", "\u0007", "\u001B", "\uE000", "\uFDD0", "\uFFFD", "\uD800", "\uDC00", "🦙", "😶‍🌫️", "👩‍👩‍👧", "🇩🇪", "𐐀", "𐐨", "𞤀", "𝒜", "𠀀", "𑄐", "\U0001F1E6", "\U0001D165", "\U0001D7D8", "\U00010140", "\U000E0001", "\U00010100", "\U0010FFFD", "\U000118A0", "\U00016F40",
    ];

    public static TheoryData<string> Names => [.. PatternOracle.Patterns.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Random_text_is_cut_as_the_pattern_cuts_it(string name)
    {
        Assert.True(PatternCatalog.TryGet(name, out PatternCatalog.Pattern pattern));
        Regex[] oracle = Oracle(name);
        Random random = new(11);
        StringBuilder text = new();
        for (int round = 0; round < 4000; round++)
        {
            text.Clear();
            int length = random.Next(1, 26);
            // Some rounds draw from few symbols, so that runs and near misses are common.
            int few = round % 3 == 0 ? 5 : Alphabet.Length;
            int offset = random.Next(Alphabet.Length);
            for (int i = 0; i < length; i++) text.Append(Alphabet[(offset + random.Next(few) * 7) % Alphabet.Length]);
            AssertSame(text.ToString(), pattern, oracle);
        }
    }

    [Fact]
    public void Reference_texts_are_cut_as_the_patterns_cut_them()
    {
        (string Text, int[] Ids)[] vectors = VocabularyVectorsTests.Vectors(SharedData.Require("tokenizers/gguf/ggml-vocab-gpt-2.gguf"));
        string code = File.ReadAllText(SharedData.Require("tokenizers/lib.rs.txt"));
        foreach (string name in PatternOracle.Patterns.Keys)
        {
            Assert.True(PatternCatalog.TryGet(name, out PatternCatalog.Pattern pattern));
            Regex[] oracle = Oracle(name);
            foreach ((string text, _) in vectors) AssertSame(text, pattern, oracle);
            AssertSame(code, pattern, oracle);
        }
    }

    private static Regex[] Oracle(string name) => [.. PatternOracle.Patterns[name].Select(stage => new Regex(stage, RegexOptions.CultureInvariant))];

    private static void AssertSame(string text, PatternCatalog.Pattern pattern, Regex[] oracle)
    {
        List<string> actual = [];
        Cut(text, 0);
        List<string> expected = PatternOracle.Split(text, oracle);
        Assert.True(expected.SequenceEqual(actual), $"{Show(text)} was cut {string.Join(" ", actual.Select(Show))}, expected {string.Join(" ", expected.Select(Show))}");

        void Cut(ReadOnlySpan<char> rest, int stage)
        {
            if (stage == pattern.Stages.Length)
            {
                actual.Add(rest.ToString());
                return;
            }
            if (pattern.Stages[stage] is RegexSplitter whole)
            {
                foreach (int length in whole.Cut(rest)) Take(length, ref rest);
                return;
            }
            while (rest.Length > 0) Take(pattern.Stages[stage].Next(rest), ref rest);

            void Take(int length, ref ReadOnlySpan<char> from)
            {
                Cut(from[..length], stage + 1);
                from = from[length..];
            }
        }
    }

    private static string Show(string text) => "⟦" + string.Concat(text.Select(c => char.IsAscii(c) && !char.IsControl(c) ? c.ToString() : $"\\u{(int)c:X4}")) + "⟧";
}
