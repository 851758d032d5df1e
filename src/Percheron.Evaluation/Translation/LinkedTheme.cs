namespace Percheron.Evaluation.Translation;

/// <summary>Two clauses: a subordinate one, whose verb goes to its end, before or behind a main one.</summary>
internal sealed class LinkedTheme : ITheme
{
    private static readonly (string German, string English)[] Links = [("weil", "because"), ("obwohl", "although"), ("bevor", "before"), ("wenn", "when"), ("damit", "so that"), ("während", "while")];
    private static readonly (string German, string English)[] Saying =
        [("ich weiß", "I know"), ("sie sagt", "she says"), ("wir glauben", "we believe"), ("er hofft", "he hopes"), ("Anna denkt", "Anna thinks"), ("Peter schreibt", "Peter writes"), ("es ist gut", "it is good"), ("es stimmt nicht", "it is not true")];
    private static readonly (string German, string English)[] Wondering = [("ich weiß nicht", "I do not know"), ("sie fragt", "she asks"), ("weißt du", "do you know"), ("wir möchten wissen", "we would like to know")];

    public TranslationPair Make(Dice dice)
    {
        Clause first = Short(dice), second = Short(dice);
        string one = first.English().First(), two = second.English().First();
        switch (dice.Below(4))
        {
            case 0:
                (string said, string says) = dice.Of(Saying);
                return Both($"{said}, dass {first.German(Order.Last)}", $"{says} that {one}", $"{says} {one}");
            case 1:
                (string wondered, string wonders) = dice.Of(Wondering);
                char end = wondered.StartsWith("weißt", StringComparison.Ordinal) ? '?' : '.';
                return new(Sentence.Of($"{wondered}, ob {first.German(Order.Last)}", end), [Sentence.Of($"{wonders} whether {one}", end), Sentence.Of($"{wonders} if {one}", end)]);
            case 2:
                (string link, string linked) = dice.Of(Links);
                return Both($"{first.German(Order.Subject)}, {link} {second.German(Order.Last)}", $"{one} {linked} {two}", $"{one}, {linked} {two}");
            default:
                (string before, string english) = dice.Of([Links[0], Links[1], Links[2], Links[3], Links[5]]);
                return Both($"{before} {first.German(Order.Last)}, {second.German(Order.Verb)}", $"{english} {one}, {two}", $"{two} {english} {one}");
        }
    }

    private static TranslationPair Both(string german, string english, string other) => new(Sentence.Of(german), [Sentence.Of(english), Sentence.Of(other), Sentence.Spoken(Sentence.Of(english))]);

    private static Clause Short(Dice dice)
    {
        Clause clause = ClauseTheme.Drawn(dice);
        return clause.Receiver is null ? clause with { Place = null } : clause with { Time = null };
    }
}
