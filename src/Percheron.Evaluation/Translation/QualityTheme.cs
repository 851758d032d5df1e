namespace Percheron.Evaluation.Translation;

/// <summary>What things are like, alone and compared.</summary>
internal sealed class QualityTheme : ITheme
{
    // German: plain, comparative, superlative stem; English the same.
    private static readonly (string Is, string More, string Most, string English, string EnglishMore, string EnglishMost)[] Qualities =
    [
        ("alt", "älter", "ältest", "old", "older", "oldest"), ("neu", "neuer", "neuest", "new", "newer", "newest"), ("groß", "größer", "größt", "big", "bigger", "biggest"), ("klein", "kleiner", "kleinst", "small", "smaller", "smallest"),
        ("schön", "schöner", "schönst", "beautiful", "more beautiful", "most beautiful"), ("teuer", "teurer", "teuerst", "expensive", "more expensive", "most expensive"), ("billig", "billiger", "billigst", "cheap", "cheaper", "cheapest"),
        ("schwer", "schwerer", "schwerst", "heavy", "heavier", "heaviest"), ("leicht", "leichter", "leichtest", "light", "lighter", "lightest"), ("gut", "besser", "best", "good", "better", "best"),
        ("schlecht", "schlechter", "schlechtest", "bad", "worse", "worst"), ("sauber", "sauberer", "sauberst", "clean", "cleaner", "cleanest"), ("praktisch", "praktischer", "praktischst", "practical", "more practical", "most practical"),
    ];

    private static readonly (string German, string English)[] Degrees = [("", ""), ("", ""), ("sehr", "very"), ("zu", "too"), ("ziemlich", "rather"), ("nicht", "not"), ("nicht sehr", "not very")];

    public TranslationPair Make(Dice dice)
    {
        (string quality, string more, string most, string english, string englishMore, string englishMost) = dice.Of(Qualities);
        Noun noun = dice.Of(Words.Goods);
        NounPhrase one = NounPhrase.Drawn(dice, noun, adjective: 10), other = NounPhrase.Drawn(dice, dice.Of(Words.Goods), adjective: 10);
        string be = one.IsPlural ? "sind" : "ist", @is = one.IsPlural ? "are" : "is", was = one.IsPlural ? "waren" : "war", were = one.IsPlural ? "were" : "was";
        string subject = one.German(Case.Nominative), than = other.German(Case.Nominative);
        switch (dice.Below(6))
        {
            case 0:
                (string degree, string how) = dice.Of(Degrees);
                string said = Sentence.Of(Sentence.Join(one.English, @is, how, english));
                return new(Sentence.Of(Sentence.Join(subject, be, degree, quality)), [said, Sentence.Spoken(said)]);
            case 1:
                return new(Sentence.Of($"{subject} {be} {more} als {than}"), [Sentence.Of($"{one.English} {@is} {englishMore} than {other.English}")]);
            case 2:
                return new(Sentence.Of($"{subject} {be} genauso {quality} wie {than}"), [Sentence.Of($"{one.English} {@is} just as {english} as {other.English}"), Sentence.Of($"{one.English} {@is} as {english} as {other.English}")]);
            case 3:
                return new(Sentence.Of($"{subject} {was} nicht so {quality} wie {than}"), [Sentence.Of($"{one.English} {were} not as {english} as {other.English}"), Sentence.Of($"{one.English} {were} not so {english} as {other.English}"), Sentence.Of($"{one.English} {were}n't as {english} as {other.English}")]);
            case 4:
                NounPhrase top = NounPhrase.The(noun, most, englishMost);
                (string place, string where) = Places.Drawn(dice);
                return new($"Das ist {top.German(Case.Nominative)} {place}.", [$"That is {top.English} {where}.", $"This is {top.English} {where}."]);
            default:
                return new(Sentence.Of($"{be} {subject} {more} als {than}", '?'), [Sentence.Of($"{@is} {one.English} {englishMore} than {other.English}", '?')]);
        }
    }
}
