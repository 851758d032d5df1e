namespace Percheron.Evaluation.Translation;

/// <summary>Numbers in words and digits, and a little arithmetic.</summary>
internal sealed class NumberTheme : ITheme
{
    public TranslationPair Make(Dice dice)
    {
        int number = dice.Below(10) switch { < 3 => dice.Below(100), < 7 => dice.Between(100, 9999), _ => dice.Between(10_000, 999_999) };
        string german = NumberWords.German(number), english = NumberWords.English(number);
        switch (dice.Below(5))
        {
            case 0:
                return new(Sentence.Of(german), [Sentence.Of(english), Sentence.Of(english.Replace(" and ", " ", StringComparison.Ordinal))]);
            case 1:
                return new($"Die Zahl {NumberWords.GermanDigits(number)} heißt {german}.", [$"The number {NumberWords.EnglishDigits(number)} is called {english}.", $"The number {NumberWords.EnglishDigits(number)} is {english}."]);
            case 2:
                int a = dice.Between(2, 99), b = dice.Between(2, 99);
                return new($"{Sentence.First(NumberWords.German(a))} plus {NumberWords.German(b)} ist {NumberWords.German(a + b)}.",
                    [$"{Sentence.First(NumberWords.English(a))} plus {NumberWords.English(b)} is {NumberWords.English(a + b)}.", $"{Sentence.First(NumberWords.English(a))} and {NumberWords.English(b)} is {NumberWords.English(a + b)}."]);
            case 3:
                (string place, string where) = dice.Of(Places);
                string people = NumberWords.GermanDigits(number + 2), living = NumberWords.EnglishDigits(number + 2);
                return new($"{place} hat {people} Einwohner.", [$"{where} has {living} inhabitants.", $"{where} has a population of {living}."]);
            default:
                return new($"Auf Seite {german} steht nichts.", [$"There is nothing on page {english}.", $"Nothing is written on page {english}."]);
        }
    }

    private static readonly (string, string)[] Places = [("Das Dorf", "The village"), ("Die Stadt", "The town"), ("Die Insel", "The island"), ("Das Land", "The country"), ("Der Ort", "The place")];
}
