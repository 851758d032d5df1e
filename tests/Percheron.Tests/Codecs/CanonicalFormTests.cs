using System.Text;
using Percheron.Codecs;
using Xunit;

namespace Percheron.Tests.Codecs;

public sealed class CanonicalFormTests
{
    [Theory]
    [InlineData("e\u0301", "\u00E9")]
    [InlineData("\u00E9", "\u00E9")]
    [InlineData("A\u030A", "\u00C5")]
    [InlineData("\u212B", "\u00C5")]
    [InlineData("\u1E9B\u0323", "\u1E9B\u0323")]
    [InlineData("s\u0323\u0307", "\u1E69")]
    [InlineData("s\u0307\u0323", "\u1E69")]
    [InlineData("\u1100\u1161\u11A8", "\uAC01")]
    [InlineData("\uAC00\u11A8", "\uAC01")]
    [InlineData("\uAC00\u11A7", "\uAC00\u11A7")]
    [InlineData("\u0958", "\u0915\u093C")]
    [InlineData("\u0344", "\u0308\u0301")]
    [InlineData("\u0F43", "\u0F42\u0FB7")]
    [InlineData("a\u0315\u0300\u05AE\u0300b", "\u00E0\u05AE\u0300\u0315b")]
    [InlineData("\u09C7\u0300\u09BE", "\u09C7\u0300\u09BE")]
    [InlineData("\U000110A5\U000110BA", "\U000110AB")]
    [InlineData("\u0041\u0300\u0041\u0300", "\u00C0\u00C0")]
    [InlineData("plain", "plain")]
    public void Text_is_composed(string text, string expected) => Assert.Equal(expected, CanonicalForm.Compose(text));

    [Fact]
    public void A_lone_surrogate_becomes_a_replacement() => Assert.Equal("\uFFFD\u00E9", CanonicalForm.Compose("\uD800e\u0301"));

    [Fact]
    public void Composing_what_was_taken_apart_changes_nothing_more()
    {
        Random random = new(2);
        (int, int)[] ranges = [(0x41, 0x180), (0x300, 0x370), (0x370, 0x600), (0x900, 0xE00), (0x1100, 0x1200), (0x1E00, 0x2000), (0xAC00, 0xAD00), (0x3040, 0x3100), (0x1D15E, 0x1D165), (0x11080, 0x11140)];
        for (int round = 0; round < 20_000; round++)
        {
            StringBuilder text = new();
            for (int i = random.Next(1, 9); i > 0; i--)
            {
                (int from, int to) = ranges[random.Next(ranges.Length)];
                text.Append(new Rune(random.Next(from, to)));
            }
            string composed = CanonicalForm.Compose(text.ToString());
            string apart = CanonicalForm.Decompose(text.ToString());
            Assert.Equal(composed, CanonicalForm.Compose(composed));
            Assert.Equal(composed, CanonicalForm.Compose(apart));
            Assert.Equal(apart, CanonicalForm.Decompose(composed));
        }
    }
}
