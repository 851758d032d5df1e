namespace Percheron.Evaluation.Translation;

/// <summary>German verbs whose person stands in the dative, where English makes it the subject or the object.</summary>
internal sealed class DativeTheme : ITheme
{
    private static readonly (string One, string Many, string Base, string Third)[] Liking = [("gefällt", "gefallen", "like", "likes"), ("fehlt", "fehlen", "miss", "misses"), ("nützt", "nützen", "benefit from", "benefits from")];
    private static readonly (string[] German, string Base, string Third)[] Helping =
    [
        ("helfe hilfst hilft helfen helft helfen".Split(' '), "help", "helps"), ("danke dankst dankt danken dankt danken".Split(' '), "thank", "thanks"), ("folge folgst folgt folgen folgt folgen".Split(' '), "follow", "follows"),
        ("antworte antwortest antwortet antworten antwortet antworten".Split(' '), "answer", "answers"), ("glaube glaubst glaubt glauben glaubt glauben".Split(' '), "believe", "believes"),
    ];

    public TranslationPair Make(Dice dice)
    {
        NounPhrase person = NounPhrase.Who(dice, Words.People), thing = NounPhrase.Drawn(dice, dice.Of([.. Words.Goods, .. Words.Reading]), adjective: 30);
        bool denied = dice.Percent(20), front = dice.Percent(40);
        string whom = person.German(Case.Dative), what = thing.German(Case.Nominative), not = denied ? "nicht" : "";
        switch (dice.Below(3))
        {
            case 0:
                (string one, string many, string stem, string third) = dice.Of(Liking);
                string verb = thing.IsPlural ? many : one;
                string likes = Sentence.Of(Sentence.Join(person.English, Verb(person, stem, third, denied), thing.EnglishObject));
                string german = front ? Sentence.Join(whom, verb, what, not) : Sentence.Join(what, verb, whom, not);
                return new(Sentence.Of(german), [likes, Sentence.Spoken(likes)]);
            case 1:
                string owned = Sentence.Of(Sentence.Join(thing.English, Verb(thing, "belong", "belongs", denied), "to", person.EnglishObject));
                return new(Sentence.Of(Sentence.Join(what, thing.IsPlural ? "gehören" : "gehört", whom, not)), [owned, Sentence.Spoken(owned)]);
            default:
                NounPhrase helper = NounPhrase.Name(dice.Of(Words.Names));
                if (dice.Percent(50)) helper = NounPhrase.Drawn(dice, dice.Of(Words.People), adjective: 30);
                (string[] forms, string help, string helps) = dice.Of(Helping);
                string helped = Sentence.Of(Sentence.Join(helper.English, Verb(helper, help, helps, denied), person.EnglishObject));
                string who = helper.German(Case.Nominative), does = forms[helper.Person];
                return new(Sentence.Of(front ? Sentence.Join(whom, does, who, not) : Sentence.Join(who, does, whom, not)), [helped, Sentence.Spoken(helped)]);
        }
    }

    private static string Verb(NounPhrase subject, string stem, string third, bool denied) =>
        denied ? (subject.IsThird ? "does not " : "do not ") + stem : subject.IsThird ? third : stem;
}
