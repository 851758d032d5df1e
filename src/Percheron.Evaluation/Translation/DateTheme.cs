using System.Globalization;

namespace Percheron.Evaluation.Translation;

/// <summary>Days of the calendar and what happens on them.</summary>
internal sealed class DateTheme : ITheme
{
    private static readonly string[] Weekdays = "Sonntag Montag Dienstag Mittwoch Donnerstag Freitag Samstag".Split(' ');
    private static readonly string[] Months = "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".Split(' ');

    // German with its separable verb in two, English as a whole; present, then past.
    private static readonly (string German, string End, string English)[] Events =
    [
        ("Die Besprechung findet", "statt", "The meeting takes place"), ("Das Konzert findet", "statt", "The concert takes place"), ("Der Kurs fängt", "an", "The course starts"), ("Die Schule fängt", "an", "School starts"),
        ("Die Messe hört", "auf", "The fair ends"), ("Der Zug fährt", "ab", "The train leaves"), ("Meine Tante kommt", "an", "My aunt arrives"), ("Wir ziehen", "um", "We are moving house"), ("Unser Laden macht", "zu", "Our shop closes"),
        ("Ich fahre", "weg", "I am going away"), ("Der Vertrag läuft", "ab", "The contract expires"), ("Die Ausstellung fand", "statt", "The exhibition took place"), ("Das Fest fing", "an", "The festival began"), ("Unsere Gäste reisten", "ab", "Our guests departed"),
        ("Die Prüfung ist", "", "The exam is"), ("Mein Geburtstag war", "", "My birthday was"), ("Die Rechnung kam", "", "The bill came"), ("Anna wurde", "geboren", "Anna was born"), ("Er hat", "angerufen", "He called"), ("Das Paket ist", "angekommen", "The parcel arrived"),
    ];

    public TranslationPair Make(Dice dice)
    {
        DateTime day = new DateTime(1950, 1, 1).AddDays(dice.Below(36_500));
        bool weekday = dice.Percent(40), year = dice.Percent(60), figures = !weekday && year && dice.Percent(15);
        string written = figures ? $"{day.Day}.{day.Month}.{day.Year}" : $"{day.Day}. {Months[day.Month - 1]}{(year ? $" {day.Year}" : "")}";
        string german = weekday ? $"am {Weekdays[(int)day.DayOfWeek]}, dem {written}" : $"am {written}";
        string[] english = [.. EnglishForms(day, weekday, year)];
        if (dice.Percent(20)) return new(Question(german, dice.Percent(50), out string asked), [.. english.Select(e => string.Format(CultureInfo.InvariantCulture, asked, e))]);
        (string what, string rest, string happens) = dice.Of(Events);
        string comma = weekday && rest.Length > 0 ? "," : "";
        if (dice.Percent(35))
        {
            // The date in front turns subject and verb around; a verb is the last word of what is said before the rest.
            int verb = what.LastIndexOf(' ');
            string subject = what[..verb];
            // English does not end a sentence in a verb that only joins.
            bool joins = happens.EndsWith(" is", StringComparison.Ordinal) || happens.EndsWith(" was", StringComparison.Ordinal);
            string[] behind = [.. english.Select(e => $"{happens} {e}.")];
            return new(Sentence.Of(Sentence.Join(german + (weekday ? "," : ""), what[(verb + 1)..], Small(subject), rest)), joins ? behind : [.. english.Select(e => $"{Sentence.First(e)}, {SmallEnglish(happens)}."), behind[0]]);
        }
        return new(Sentence.Of(Sentence.Join(what, german + comma, rest)), [.. english.Select(e => $"{happens} {e}.")]);
    }

    private static IEnumerable<string> EnglishForms(DateTime day, bool weekday, bool year)
    {
        string name = weekday ? day.DayOfWeek + ", " : "", month = CultureInfo.InvariantCulture.DateTimeFormat.GetMonthName(day.Month);
        yield return $"on {name}{month} {day.Day}{(year ? $", {day.Year}" : "")}";
        yield return $"on {name}{day.Day} {month}{(year ? $" {day.Year}" : "")}";
        yield return $"on {name}the {NumberWords.Ordinal(day.Day)} of {month}{(year ? $", {day.Year}" : "")}";
    }

    // With a weekday, the date is an apposition, which a comma ends.
    private static string Question(string german, bool past, out string english)
    {
        english = past ? "Were you at home {0}?" : "Are you coming along {0}?";
        return $"{(past ? "Warst" : "Kommst")} du {german}{(german.Contains(',', StringComparison.Ordinal) ? "," : "")} {(past ? "zu Hause" : "mit")}?";
    }

    // Articles, pronouns and possessives lose the capital they have at a sentence's beginning; nouns and names keep it.
    private static string Small(string subject) => subject.Split(' ')[0] is "Die" or "Das" or "Der" or "Meine" or "Mein" or "Wir" or "Unser" or "Unsere" or "Ich" or "Er" ? char.ToLowerInvariant(subject[0]) + subject[1..] : subject;

    private static string SmallEnglish(string happens) => happens.Split(' ')[0] is "The" or "My" or "We" or "Our" or "He" or "School" ? char.ToLowerInvariant(happens[0]) + happens[1..] : happens;
}
