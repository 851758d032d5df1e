using Percheron.Evaluation.Translation;
using Xunit;

namespace Percheron.Evaluation.Tests.Translation;

public class NumberWordsTests
{
    [Theory]
    [InlineData(0, "null", "zero")]
    [InlineData(1, "eins", "one")]
    [InlineData(16, "sechzehn", "sixteen")]
    [InlineData(17, "siebzehn", "seventeen")]
    [InlineData(21, "einundzwanzig", "twenty-one")]
    [InlineData(30, "dreißig", "thirty")]
    [InlineData(76, "sechsundsiebzig", "seventy-six")]
    [InlineData(100, "einhundert", "one hundred")]
    [InlineData(101, "einhunderteins", "one hundred and one")]
    [InlineData(321, "dreihunderteinundzwanzig", "three hundred and twenty-one")]
    [InlineData(1001, "eintausendeins", "one thousand and one")]
    [InlineData(4321, "viertausenddreihunderteinundzwanzig", "four thousand three hundred and twenty-one")]
    [InlineData(21_000, "einundzwanzigtausend", "twenty-one thousand")]
    [InlineData(999_999, "neunhundertneunundneunzigtausendneunhundertneunundneunzig", "nine hundred and ninety-nine thousand nine hundred and ninety-nine")]
    public void Words(int number, string german, string english)
    {
        Assert.Equal(german, NumberWords.German(number));
        Assert.Equal(english, NumberWords.English(number));
    }

    [Theory]
    [InlineData(1, "1st")]
    [InlineData(2, "2nd")]
    [InlineData(3, "3rd")]
    [InlineData(11, "11th")]
    [InlineData(22, "22nd")]
    [InlineData(30, "30th")]
    public void Ordinals(int number, string expected) => Assert.Equal(expected, NumberWords.Ordinal(number));

    [Fact]
    public void Digits_are_separated_as_each_language_does() => Assert.Equal(("12.345", "12,345"), (NumberWords.GermanDigits(12345), NumberWords.EnglishDigits(12345)));
}
