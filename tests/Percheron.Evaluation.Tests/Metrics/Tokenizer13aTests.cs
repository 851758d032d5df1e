using Percheron.Evaluation.Metrics;
using Xunit;

namespace Percheron.Evaluation.Tests.Metrics;

public class Tokenizer13aTests
{
    [Theory]
    [InlineData("The dog bit the man.", "The dog bit the man .")]
    [InlineData("It wasn't surprising.", "It wasn't surprising .")]
    [InlineData("am 3.5.2024, um 7.30 Uhr", "am 3.5.2024 , um 7.30 Uhr")]
    [InlineData("1,000.50 Euro", "1,000.50 Euro")]
    [InlineData("the 3. day", "the 3 . day")]
    [InlineData("20-jährig, rot-grün", "20 - jährig , rot-grün")]
    [InlineData("$4.50 (or 5%)", "$ 4.50 ( or 5 % )")]
    [InlineData("\"Ja\" &amp; &quot;Nein&quot;", "\" Ja \" & \" Nein \"")]
    [InlineData("eins ... zwei", "eins . . . zwei")]
    [InlineData("a/b:c;d", "a / b : c ; d")]
    [InlineData("  viel   Platz\t", "viel Platz")]
    [InlineData("<skipped>ver-\nbunden\nhier", "verbunden hier")]
    [InlineData("über „Größe“", "über „Größe“")]
    [InlineData("", "")]
    public void Words_are_those_of_the_definition(string text, string expected) => Assert.Equal(expected, string.Join(' ', Tokenizer13a.Words(text)));
}
