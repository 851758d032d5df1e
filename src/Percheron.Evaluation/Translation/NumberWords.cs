using System.Globalization;

namespace Percheron.Evaluation.Translation;

/// <summary>Numbers as both languages say and write them.</summary>
internal static class NumberWords
{
    private static readonly string[] GermanSmall = "null ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn".Split(' ');
    private static readonly string[] GermanTens = "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig".Split(' ');
    private static readonly string[] EnglishSmall = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".Split(' ');
    private static readonly string[] EnglishTens = "twenty thirty forty fifty sixty seventy eighty ninety".Split(' ');

    /// <summary>A number below a million in German: one word, units before tens.</summary>
    public static string German(int number)
    {
        string word = GermanPart(number);
        return number % 100 == 1 ? word + "s" : word;
    }

    /// <summary>A number below a million in English.</summary>
    public static string English(int number)
    {
        if (number < 20) return EnglishSmall[number];
        if (number < 100) return EnglishTens[(number / 10) - 2] + (number % 10 == 0 ? "" : "-" + EnglishSmall[number % 10]);
        if (number < 1000) return EnglishSmall[number / 100] + " hundred" + (number % 100 == 0 ? "" : " and " + English(number % 100));
        int rest = number % 1000;
        return English(number / 1000) + " thousand" + (rest == 0 ? "" : (rest < 100 ? " and " : " ") + English(rest));
    }

    /// <summary>Digits with the thousands separated as German does.</summary>
    public static string GermanDigits(int number) => number.ToString("#,0", CultureInfo.InvariantCulture).Replace(',', '.');

    /// <summary>Digits with the thousands separated as English does.</summary>
    public static string EnglishDigits(int number) => number.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>1st, 2nd, 3rd, 4th, 11th.</summary>
    public static string Ordinal(int number) => number + ((number % 100) is 11 or 12 or 13 ? "th" : (number % 10) switch { 1 => "st", 2 => "nd", 3 => "rd", _ => "th" });

    private static string GermanPart(int number)
    {
        if (number < 20) return GermanSmall[number];
        if (number < 100) return (number % 10 == 0 ? "" : GermanSmall[number % 10] + "und") + GermanTens[(number / 10) - 2];
        if (number < 1000) return GermanSmall[number / 100] + "hundert" + (number % 100 == 0 ? "" : GermanPart(number % 100));
        return GermanPart(number / 1000) + "tausend" + (number % 1000 == 0 ? "" : GermanPart(number % 1000));
    }
}
