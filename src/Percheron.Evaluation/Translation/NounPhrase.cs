namespace Percheron.Evaluation.Translation;

/// <summary>Somebody or something: a pronoun, a name, or a noun with its article and perhaps an adjective, in every German case.</summary>
internal sealed record NounPhrase
{
    private const int Plurals = 3;

    // [case][gender, plural last].
    private static readonly string[][] Definite = [["der", "die", "das", "die"], ["den", "die", "das", "die"], ["dem", "der", "dem", "den"]];
    private static readonly string[][] Indefinite = [["", "e", "", "e"], ["en", "e", "", "e"], ["em", "er", "em", "en"]];
    private static readonly string[][] This = [["er", "e", "es", "e"], ["en", "e", "es", "e"], ["em", "er", "em", "en"]];

    // Endings of adjectives behind der, ein and nothing (plural only).
    private static readonly string[][] Weak = [["e", "e", "e", "en"], ["en", "e", "e", "en"], ["en", "en", "en", "en"]];
    private static readonly string[][] Mixed = [["er", "e", "es", "en"], ["en", "e", "es", "en"], ["en", "en", "en", "en"]];
    private static readonly string[] Strong = ["e", "e", "en"];

    private static readonly (string German, string English)[] Owners = [("mein", "my"), ("dein", "your"), ("sein", "his"), ("unser", "our")];

    // Nominative, accusative, dative; English subject and object; person.
    private static readonly (string[] German, string Subject, string Object, int Person)[] Pronouns =
    [
        (["ich", "mich", "mir"], "I", "me", 0), (["du", "dich", "dir"], "you", "you", 1), (["er", "ihn", "ihm"], "he", "him", 2), (["sie", "sie", "ihr"], "she", "her", 2),
        (["wir", "uns", "uns"], "we", "us", 3), (["ihr", "euch", "euch"], "you", "you", 4), (["sie", "sie", "ihnen"], "they", "them", 5),
    ];

    private string[] _german = [];

    /// <summary>0 I … 5 they, as German counts them.</summary>
    public int Person { get; private init; } = 2;

    /// <summary>Whether its verb is in the plural.</summary>
    public bool IsPlural => Person >= 3;

    /// <summary>Whether English uses the third person singular.</summary>
    public bool IsThird => Person == 2;

    /// <summary>As a subject.</summary>
    public string English { get; private init; } = "";

    /// <summary>As an object.</summary>
    public string EnglishObject { get; private init; } = "";

    /// <summary>Whether German denies it with <c>kein</c>.</summary>
    public bool IsIndefinite { get; private init; }

    /// <summary>Whether it stands before what is new.</summary>
    public bool IsPronoun { get; private init; }

    public string German(Case form) => _german[(int)form];

    /// <summary>The same, denied by <c>kein</c>; of something indefinite.</summary>
    public string Denied(Case form) => "k" + _german[(int)form];

    /// <summary>A subject: pronoun, name, or one of the nouns.</summary>
    public static NounPhrase Who(Dice dice, IReadOnlyList<Noun> nouns) => dice.Below(10) switch
    {
        < 4 => Pronoun(dice, -1),
        < 6 => Name(dice.Of(Words.Names)),
        _ => Drawn(dice, dice.Of(nouns), adjective: 25),
    };

    /// <summary>A pronoun of another person than <paramref name="not"/>; third persons may follow each other.</summary>
    public static NounPhrase Pronoun(Dice dice, int not)
    {
        (string[] german, string subject, string @object, int person) = dice.Of([.. Pronouns.Where(p => p.Person != not || not == 2)]);
        return new NounPhrase { _german = german, English = subject, EnglishObject = @object, Person = person, IsPronoun = true };
    }

    /// <summary>A name.</summary>
    public static NounPhrase Name(string name) => new() { _german = [name, name, name], English = name, EnglishObject = name };

    /// <summary>A noun with some article, number and, in so many of a hundred cases, an adjective.</summary>
    public static NounPhrase Drawn(Dice dice, Noun noun, int adjective)
    {
        (string, string)? quality = dice.Percent(adjective) ? dice.Of(Words.People.Contains(noun) ? Words.Manners : Words.Adjectives) : null;
        bool plural = noun.Plural.Length > 0 && dice.Percent(25);
        return dice.Below(10) switch
        {
            < 5 => Of(noun, plural, Definite, "the", Weak, quality),
            < 7 when !plural => Of(noun, false, Stem("ein", Indefinite), A(noun, quality), Mixed, quality, indefinite: true),
            < 7 => Counted(noun, dice.Between(2, 20), quality),
            < 9 => Owned(dice.Of(Owners), noun, plural, quality),
            _ => Of(noun, plural, Stem("dies", This), plural ? "these" : "this", Weak, quality),
        };
    }

    /// <summary>With the definite article and no adjective.</summary>
    public static NounPhrase The(Noun noun) => Of(noun, false, Definite, "the", Weak, null);

    /// <summary>With the definite article and, in both languages, the words given: the superlative of an adjective.</summary>
    public static NounPhrase The(Noun noun, string stem, string english) => Of(noun, false, Definite, "the", Weak, (stem, english));

    private static NounPhrase Owned((string German, string English) owner, Noun noun, bool plural, (string, string)? quality) => Of(noun, plural, Stem(owner.German, Indefinite), owner.English, Mixed, quality);

    private static NounPhrase Counted(Noun noun, int count, (string German, string English)? quality)
    {
        string[] german = [.. Enumerable.Range(0, 3).Select(c => Sentence.Join(NumberWords.German(count), quality is { } q ? q.German + Strong[c] : null, Inflected(noun, plural: true, c)))];
        string english = Sentence.Join(NumberWords.English(count), quality?.English, noun.EnglishPlural);
        return new NounPhrase { _german = german, English = english, EnglishObject = english, Person = 5 };
    }

    private static NounPhrase Of(Noun noun, bool plural, string[][] articles, string article, string[][] endings, (string German, string English)? quality, bool indefinite = false)
    {
        int gender = plural ? Plurals : noun.Gender;
        string[] german = [.. Enumerable.Range(0, 3).Select(c => Sentence.Join(articles[c][gender], quality is { } q ? q.German + endings[c][gender] : null, Inflected(noun, plural, c)))];
        string english = Sentence.Join(article, quality?.English, plural ? noun.EnglishPlural : noun.English);
        return new NounPhrase { _german = german, English = english, EnglishObject = english, Person = plural ? 5 : 2, IsIndefinite = indefinite };
    }

    private static string Inflected(Noun noun, bool plural, int @case) => !plural ? noun.Singular : @case == (int)Case.Dative && noun.Plural[^1] is not ('n' or 's') ? noun.Plural + "n" : noun.Plural;

    private static string[][] Stem(string stem, string[][] endings) => [.. endings.Select(row => row.Select(e => stem + e).ToArray())];

    private static string A(Noun noun, (string German, string English)? quality) => "aeiou".Contains((quality?.English ?? noun.English)[0], StringComparison.Ordinal) ? "an" : "a";
}
