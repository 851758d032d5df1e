using Percheron.Codecs.HuggingFace;
using Percheron.Codecs.Splitters;
using Percheron.Formats;
using Xunit;

namespace Percheron.Tests.Codecs;

public sealed class RegexSplitterTests
{
    [Theory]
    [InlineData("-", nameof(SplitBehavior.Isolated), false, "the-final--countdown", "the|-|final|-|-|countdown")]
    [InlineData("-", nameof(SplitBehavior.Removed), false, "the-final--countdown", "the|final|countdown")]
    [InlineData("-", nameof(SplitBehavior.MergedWithPrevious), false, "the-final--countdown", "the-|final-|-|countdown")]
    [InlineData("-", nameof(SplitBehavior.MergedWithNext), false, "the-final--countdown", "the|-final|-|-countdown")]
    [InlineData("-", nameof(SplitBehavior.Contiguous), false, "the-final--countdown", "the|-|final|--|countdown")]
    [InlineData(@"\w+", nameof(SplitBehavior.Removed), true, "ab, cd!", "ab|cd")]
    [InlineData(@"\p{L}+(?=x)", nameof(SplitBehavior.Isolated), false, "𐐀𐐨x1abx", "𐐀𐐨|x1|ab|x")]
    [InlineData(@"\p{N}++", nameof(SplitBehavior.Isolated), false, "a12b", "a|12|b")]
    [InlineData("🦙", nameof(SplitBehavior.Isolated), false, "", "")]
    public void Pieces_are_cut_as_the_behavior_says(string pattern, string behavior, bool invert, string text, string expected)
    {
        List<string> pieces = [];
        int at = 0;
        foreach (int length in new RegexSplitter(pattern, Enum.Parse<SplitBehavior>(behavior), invert).Cut(text))
        {
            if (length > 0) pieces.Add(text.Substring(at, length));
            at += Math.Abs(length);
        }
        Assert.Equal(text.Length, at);
        Assert.Equal(expected, string.Join('|', pieces));
    }

    [Fact]
    public void A_pattern_that_does_not_come_to_an_end_is_an_error_of_its_file()
    {
        RegexSplitter splitter = new(@"(?=a)(a+)+$") { Source = "tokenizer.json", Patience = TimeSpan.FromMilliseconds(50) };
        ModelFormatException error = Assert.Throws<ModelFormatException>(() => splitter.Cut(new string('a', 60) + "b"));
        Assert.Contains("too long", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(@"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+", typeof(Llama3Splitter))]
    [InlineData(@"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+", typeof(Llama3Splitter))]
    [InlineData("(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\r\n]*|\\s*[\r\n]+|\\s+(?!\\S)|\\s+", typeof(Llama3Splitter))]
    [InlineData(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+", typeof(Gpt2Splitter))]
    [InlineData("[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\r\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\r\n]*|\\s*[\r\n]+|\\s+(?!\\S)|\\s+", typeof(DeepSeekSplitter))]
    [InlineData(@"\p{N}{1,3}", typeof(RunSplitter))]
    [InlineData("[一-龥぀-ゟ゠-ヿ]+", typeof(RunSplitter))]
    [InlineData(@"\s+$", typeof(TrailingSpaceSplitter))]
    public void Published_patterns_need_no_engine(string pattern, Type splitter) => Assert.IsType(splitter, KnownPatterns.Find(pattern));

    [Fact]
    public void Other_patterns_are_left_to_the_engine() => Assert.Null(KnownPatterns.Find(@"[^\s]+|x"));
}
