namespace Percheron.Evaluation.Translation;

/// <summary>One clause: a statement in either order, or a question.</summary>
internal sealed class ClauseTheme : ITheme
{
    public TranslationPair Make(Dice dice)
    {
        Clause clause = Drawn(dice);
        if (dice.Percent(20))
            return new(Sentence.Of(clause.German(Order.Verb), '?'), [.. clause.EnglishQuestion().Select(e => Sentence.Of(e, '?'))]);
        bool timeFirst = clause.Time is not null && dice.Percent(50);
        string[] english = [.. clause.English().Select(e => Sentence.Of(e))];
        return new(Sentence.Of(clause.German(timeFirst ? Order.Time : Order.Subject)), [.. english, Sentence.Spoken(english[0])]);
    }

    /// <summary>A clause of any verb with or without objects.</summary>
    public static Clause Drawn(Dice dice)
    {
        int kind = dice.Below(10);
        Verb verb = dice.Of(kind < 6 ? Verbs.Transitive : kind < 8 ? Verbs.Giving : Verbs.Intransitive);
        NounPhrase subject = NounPhrase.Who(dice, Words.People);
        Tense tense = dice.Below(10) switch { < 4 => Tense.Present, < 7 => Tense.Past, < 8 => Tense.Future, _ => (Tense)dice.Between((int)Tense.Can, (int)Tense.May) };
        // "Nie" and "nicht" do not go together, nor do a day and a habit.
        bool habit = tense == Tense.Present && dice.Percent(20), denied = !habit && dice.Percent(20), timed = !habit && dice.Percent(50);
        return new Clause
        {
            Subject = subject, Verb = verb, Tense = tense, IsDenied = denied,
            Object = kind >= 8 ? null : Done(dice, verb, subject, alone: kind < 6),
            Receiver = kind is 6 or 7 ? Receiver(dice, subject) : null,
            Frequency = habit ? dice.Of(Words.Frequencies) : null,
            Time = timed ? dice.Of(tense switch { Tense.Past => Words.PastTimes, Tense.Future => Words.FutureTimes, _ => Words.FreeTimes }) : null,
            Place = kind != 6 && kind != 7 && dice.Percent(kind >= 8 ? 60 : 20) ? Places.Drawn(dice) : null,
        };
    }

    // Persons may be meant by a pronoun; who does it and whom it is done to are not the same.
    private static NounPhrase Done(Dice dice, Verb verb, NounPhrase subject, bool alone)
    {
        Noun noun = dice.Of(verb.Objects);
        NounPhrase other = NounPhrase.Pronoun(dice, subject.Person);
        return alone && Words.People.Contains(noun) && dice.Percent(35) && !Same(other, subject) ? other : NounPhrase.Drawn(dice, noun, adjective: 30);
    }

    private static NounPhrase Receiver(Dice dice, NounPhrase subject)
    {
        NounPhrase one = NounPhrase.Who(dice, Words.People);
        return one.IsPronoun && Same(one, subject) ? NounPhrase.Name(dice.Of(Words.Names)) : one;
    }

    // Both are I or we, or both are you: German would need a reflexive pronoun.
    private static bool Same(NounPhrase one, NounPhrase other) => one.Person is not (2 or 5) && (one.Person == other.Person || (one.Person % 3 == 1 && other.Person % 3 == 1) || (one.Person % 3 == 0 && other.Person % 3 == 0));
}
