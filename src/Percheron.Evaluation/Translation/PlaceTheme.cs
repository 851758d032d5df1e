namespace Percheron.Evaluation.Translation;

/// <summary>Where things are, where they are put, and where somebody goes: the same preposition with either case.</summary>
internal sealed class PlaceTheme : ITheme
{
    private static readonly string[] Cities = "Berlin Wien Zürich Hamburg München Köln Rom Paris London Prag".Split(' ');
    private static readonly Dictionary<string, string> EnglishCities = new() { ["Wien"] = "Vienna", ["Zürich"] = "Zurich", ["München"] = "Munich", ["Köln"] = "Cologne", ["Rom"] = "Rome", ["Prag"] = "Prague" };
    private static readonly (string German, string English)[] Means = [("mit dem Zug", "by train"), ("mit dem Bus", "by bus"), ("mit dem Auto", "by car"), ("mit dem Fahrrad", "by bicycle"), ("zu Fuß", "on foot")];

    private static readonly Noun[] Goals = Noun.Read("""
        der Bahnhof|Bahnhöfe|station
        die Post|Posten|post office
        der Arzt|Ärzte|doctor
        das Museum|Museen|museum
        die Apotheke|Apotheken|pharmacy
        der Flughafen|Flughäfen|airport
        das Rathaus|Rathäuser|town hall
        die Bibliothek|Bibliotheken|library
        """);

    // Standing and lying things are put there by a verb of their own.
    private static readonly (string Be, string Are, string Put, string Done, string English)[] Postures =
        [("liegt", "liegen", "legen|lege legst legt legen legt legen", "gelegt", "lie"), ("steht", "stehen", "stellen|stelle stellst stellt stellen stellt stellen", "gestellt", "stand"), ("hängt", "hängen", "hängen|hänge hängst hängt hängen hängt hängen", "gehängt", "hang")];

    public TranslationPair Make(Dice dice) => dice.Below(3) switch { 0 => Being(dice), 1 => Putting(dice), _ => Going(dice) };

    private static TranslationPair Being(Dice dice)
    {
        NounPhrase thing = NounPhrase.Drawn(dice, dice.Of([.. Words.Goods, .. Words.Reading]), adjective: 30);
        (string be, string are, _, _, string english) = dice.Of(Postures);
        (string where, string place) = Places.Drawn(dice);
        string verb = thing.IsPlural ? are : be, copula = thing.IsPlural ? "are" : "is";
        string gerund = english == "lie" ? "lying" : english + "ing";
        if (dice.Percent(30)) return new(Sentence.Of(Sentence.Join(where, verb, thing.German(Case.Nominative))), [Sentence.Of($"{thing.English} {copula} {place}"), Sentence.Of($"{thing.English} {copula} {gerund} {place}"), .. thing.IsIndefinite ? [Sentence.Of($"there is {thing.English} {place}")] : Array.Empty<string>()]);
        if (dice.Percent(25)) return new(Sentence.Of(Sentence.Join(verb, thing.German(Case.Nominative), where), '?'), [Sentence.Of($"{copula} {thing.English} {place}", '?'), Sentence.Of($"{copula} {thing.English} {gerund} {place}", '?')]);
        return new(Sentence.Of(Sentence.Join(thing.German(Case.Nominative), verb, where)), [Sentence.Of($"{thing.English} {copula} {place}"), Sentence.Of($"{thing.English} {copula} {gerund} {place}")]);
    }

    private static TranslationPair Putting(Dice dice)
    {
        (_, _, string put, string done, string posture) = dice.Of(Postures);
        Verb verb = Verb.Of($"|{put}|{done}|{(posture == "hang" ? "hang hung hung hanging" : "put put put putting")}");
        Clause clause = new()
        {
            Subject = NounPhrase.Who(dice, Words.People), Verb = verb, Object = NounPhrase.Drawn(dice, dice.Of(Words.Goods), adjective: 30), Place = Places.Target(dice),
            Tense = (Tense)dice.Of([0, 0, 1, 1, 2, 3, 4, 5, 6]), IsDenied = dice.Percent(12),
        };
        string[] english = [.. clause.English().Select(e => Sentence.Of(e))];
        return new(Sentence.Of(clause.German(Order.Subject)), [.. english, Sentence.Spoken(english[0])]);
    }

    private static TranslationPair Going(Dice dice)
    {
        Verb verb = dice.Of(Verbs.Moving);
        Tense tense = (Tense)dice.Of([0, 0, 1, 1, 2, 4, 5]);
        (string how, string means) = verb.Infinitive is "reisen" or "kommen" ? dice.Of(Means) : ("", "");
        (string where, string place) = Goal(dice);
        Clause clause = new()
        {
            Subject = NounPhrase.Who(dice, Words.People), Verb = verb, Tense = tense, IsDenied = dice.Percent(12),
            Time = dice.Percent(55) ? dice.Of(tense switch { Tense.Past => Words.PastTimes, Tense.Future => Words.FutureTimes, _ => Words.FreeTimes }) : null,
            Place = (Sentence.Join(how, where), Sentence.Join(place, means)),
        };
        if (dice.Percent(15)) return new(Sentence.Of(clause.German(Order.Verb), '?'), [.. clause.EnglishQuestion().Select(e => Sentence.Of(e, '?'))]);
        string[] english = [.. clause.English().Select(e => Sentence.Of(e))];
        return new(Sentence.Of(clause.German(clause.Time is not null && dice.Percent(50) ? Order.Time : Order.Subject)), [.. english, Sentence.Spoken(english[0])]);
    }

    private static (string German, string English) Goal(Dice dice)
    {
        if (dice.Percent(45))
        {
            string city = dice.Of(Cities);
            return ($"nach {city}", $"to {EnglishCities.GetValueOrDefault(city, city)}");
        }
        NounPhrase goal = NounPhrase.The(dice.Of(Goals));
        return (Places.Contracted($"zu {goal.German(Case.Dative)}"), $"to {goal.EnglishObject}");
    }
}
