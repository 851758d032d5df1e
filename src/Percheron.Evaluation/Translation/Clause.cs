namespace Percheron.Evaluation.Translation;

/// <summary>Who does what to whom, when and where: said in German in any word order, and in English.</summary>
internal sealed record Clause
{
    // By tense from Can, then by person.
    private static readonly string[][] Modals =
    [
        "kann kannst kann können könnt können".Split(' '), "muss musst muss müssen müsst müssen".Split(' '), "will willst will wollen wollt wollen".Split(' '), "soll sollst soll sollen sollt sollen".Split(' '), "darf darfst darf dürfen dürft dürfen".Split(' '),
    ];

    private static readonly string[] Have = "habe hast hat haben habt haben".Split(' '), Be = "bin bist ist sind seid sind".Split(' '), Become = "werde wirst wird werden werdet werden".Split(' ');

    public required NounPhrase Subject { get; init; }

    public required Verb Verb { get; init; }

    public NounPhrase? Receiver { get; init; }

    public NounPhrase? Object { get; init; }

    public (string German, string English)? Time { get; init; }

    public (string German, string English)? Frequency { get; init; }

    public (string German, string English)? Place { get; init; }

    public Tense Tense { get; init; }

    public bool IsDenied { get; init; }

    /// <summary>The clause in German, without capital or full stop.</summary>
    public string German(Order order)
    {
        (string finite, string last) = GermanVerb();
        bool timeFirst = order == Order.Time && Time is not null, late = order is Order.Verb or Order.Last || timeFirst;
        string subject = Subject.German(Case.Nominative);
        bool objectEarly = Object?.IsPronoun == true, none = IsDenied && Object?.IsIndefinite == true;
        string middle = Sentence.Join(
            late ? subject : null, objectEarly ? Object!.German(Case.Accusative) : null, timeFirst ? null : Time?.German, Frequency?.German, Receiver?.German(Case.Dative),
            objectEarly ? null : none ? Object!.Denied(Case.Accusative) : Object?.German(Case.Accusative), IsDenied && !none ? "nicht" : null, Place?.German);
        return order switch
        {
            Order.Last => Sentence.Join(middle, Tense == Tense.Present ? last + finite : Sentence.Join(last, finite)),
            Order.Verb => Sentence.Join(finite, middle, last),
            _ => Sentence.Join(timeFirst ? Time!.Value.German : subject, finite, middle, last),
        };
    }

    /// <summary>The clause in English; the first is the usual one, others are as right.</summary>
    public IEnumerable<string> English()
    {
        foreach (string verb in EnglishVerbs())
            foreach (string objects in EnglishObjects())
                yield return Sentence.Join(Subject.English, verb, objects, Place?.English, Time?.English);
    }

    /// <summary>The question in English.</summary>
    public IEnumerable<string> EnglishQuestion()
    {
        string @do = Tense == Tense.Past ? "did" : Third ? "does" : "do", not = IsDenied ? "not" : "";
        (string first, string rest) = Tense switch
        {
            Tense.Future => ("will", Verb.English[0]), Tense.Can => ("can", Verb.English[0]), Tense.Should => ("should", Verb.English[0]), Tense.May => ("may", Verb.English[0]),
            Tense.Must => (@do, "have to " + Verb.English[0]), Tense.Want => (@do, "want to " + Verb.English[0]), _ => (@do, Verb.English[0]),
        };
        foreach (string objects in EnglishObjects())
        {
            yield return Sentence.Join(first, Subject.English, not, Frequency?.English, rest, objects, Place?.English, Time?.English);
            if (Tense == Tense.Must && !IsDenied) yield return Sentence.Join("must", Subject.English, Frequency?.English, Verb.English[0], objects, Place?.English, Time?.English);
            if (Progressive) yield return Sentence.Join(EnglishBe, Subject.English, not, Verb.English[3], objects, Place?.English, Time?.English);
        }
    }

    private bool Third => Subject.IsThird;

    // A habit is not going on, nor are needing and seeing.
    private bool Progressive => Tense == Tense.Present && Frequency is null && Verb.English[3] != "-";

    private string EnglishBe => Subject.Person switch { 0 => "am", 2 => "is", _ => "are" };

    private (string Finite, string Last) GermanVerb() => Tense switch
    {
        Tense.Present => (Verb.Present[Subject.Person], Verb.Prefix),
        Tense.Past => ((Verb.Moves ? Be : Have)[Subject.Person], Verb.Participle),
        Tense.Future => (Become[Subject.Person], Verb.Prefix + Verb.Infinitive),
        _ => (Modals[Tense - Tense.Can][Subject.Person], Verb.Prefix + Verb.Infinitive),
    };

    private IEnumerable<string> EnglishVerbs()
    {
        string often = Frequency?.English ?? "", stem = Verb.English[0], no = IsDenied ? "not" : "", does = Third ? "does" : "do", has = Third ? "has" : "have";
        return Tense switch
        {
            Tense.Present when IsDenied => [Sentence.Join(does, "not", often, stem), .. Progressive ? [Sentence.Join(EnglishBe, "not", Verb.English[3])] : Array.Empty<string>()],
            Tense.Present => [Sentence.Join(often, Third ? Verb.Third : stem), .. Progressive ? [Sentence.Join(EnglishBe, Verb.English[3])] : Array.Empty<string>()],
            Tense.Past when IsDenied => [Sentence.Join("did not", often, stem), .. Dated ? [] : new[] { Sentence.Join(has, "not", often, Verb.English[2]) }],
            Tense.Past => [Sentence.Join(often, Verb.English[1]), .. Dated ? [] : new[] { Sentence.Join(has, often, Verb.English[2]) }],
            Tense.Future => [Sentence.Join("will", no, often, stem), Sentence.Join(EnglishBe, no, "going to", often, stem)],
            Tense.Can => IsDenied ? [Sentence.Join("cannot", often, stem), Sentence.Join(EnglishBe, "not able to", often, stem)] : [Sentence.Join("can", often, stem), Sentence.Join(EnglishBe, "able to", often, stem)],
            Tense.Must => IsDenied ? [Sentence.Join(does, "not have to", often, stem), Sentence.Join(does, "not need to", often, stem)] : [Sentence.Join("must", often, stem), Sentence.Join(often, has, "to", stem)],
            Tense.Want => IsDenied ? [Sentence.Join(does, "not", often, "want to", stem)] : [Sentence.Join(often, Third ? "wants" : "want", "to", stem)],
            Tense.Should => [Sentence.Join("should", no, often, stem), Sentence.Join(EnglishBe, no, "supposed to", often, stem)],
            _ => IsDenied ? [Sentence.Join("must not", often, stem), Sentence.Join("may not", often, stem), Sentence.Join(EnglishBe, "not allowed to", often, stem)] : [Sentence.Join("may", often, stem), Sentence.Join(EnglishBe, "allowed to", often, stem)],
        };
    }

    // English does not say "has seen" of a day that is over.
    private bool Dated => Time is not null;

    private IEnumerable<string> EnglishObjects()
    {
        string? done = Object?.EnglishObject;
        if (Receiver is { } receiver)
        {
            yield return Sentence.Join(receiver.EnglishObject, done);
            yield return Sentence.Join(done, "to", receiver.EnglishObject);
        }
        else if (Verb.Particle is { Length: > 0 } particle && done is not null && particle != "for")
        {
            // A particle goes to either side of a noun, but only behind a pronoun.
            if (!Object!.IsPronoun) yield return Sentence.Join(particle, done);
            yield return Sentence.Join(done, particle);
        }
        else
        {
            yield return Sentence.Join(Verb.Particle, done);
        }
    }
}
