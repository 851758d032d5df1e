namespace Percheron.Evaluation.Translation;

/// <summary>The verbs of the grammars.</summary>
internal static class Verbs
{
    private static readonly Noun[] Anything = [.. Words.People, .. Words.Animals, .. Words.Goods], Things = [.. Words.Goods, .. Words.Reading], Eaten = Words.Food, Living = [.. Words.People, .. Words.Animals];

    /// <summary>With an object in the accusative.</summary>
    public static readonly Verb[] Transitive =
    [
        Verb.Of("|sehen|sehe siehst sieht sehen seht sehen|gesehen|see saw seen -", objects: Anything),
        Verb.Of("|suchen|suche suchst sucht suchen sucht suchen|gesucht|look looked looked looking|for", objects: Anything),
        Verb.Of("|finden|finde findest findet finden findet finden|gefunden|find found found -", objects: Anything),
        Verb.Of("|zeichnen|zeichne zeichnest zeichnet zeichnen zeichnet zeichnen|gezeichnet|draw drew drawn drawing", objects: Anything),
        Verb.Of("|kaufen|kaufe kaufst kauft kaufen kauft kaufen|gekauft|buy bought bought buying", objects: [.. Things, .. Eaten]),
        Verb.Of("|verkaufen|verkaufe verkaufst verkauft verkaufen verkauft verkaufen|verkauft|sell sold sold selling", objects: Things),
        Verb.Of("|brauchen|brauche brauchst braucht brauchen braucht brauchen|gebraucht|need needed needed -", objects: Things),
        Verb.Of("|verlieren|verliere verlierst verliert verlieren verliert verlieren|verloren|lose lost lost -", objects: Things),
        Verb.Of("|tragen|trage trägst trägt tragen tragt tragen|getragen|carry carried carried carrying", objects: Words.Goods),
        Verb.Of("|lesen|lese liest liest lesen lest lesen|gelesen|read read read reading", objects: Words.Reading),
        Verb.Of("|schreiben|schreibe schreibst schreibt schreiben schreibt schreiben|geschrieben|write wrote written writing", objects: Words.Reading),
        Verb.Of("|vergessen|vergesse vergisst vergisst vergessen vergesst vergessen|vergessen|forget forgot forgotten -", objects: Things),
        Verb.Of("|essen|esse isst isst essen esst essen|gegessen|eat ate eaten eating", objects: Eaten),
        Verb.Of("|kochen|koche kochst kocht kochen kocht kochen|gekocht|cook cooked cooked cooking", objects: Eaten),
        Verb.Of("|waschen|wasche wäschst wäscht waschen wascht waschen|gewaschen|wash washed washed washing", objects: [.. Words.Animals, .. Words.Vehicles]),
        Verb.Of("|reparieren|repariere reparierst repariert reparieren repariert reparieren|repariert|repair repaired repaired repairing", objects: [.. Words.Vehicles, .. Words.Devices]),
        Verb.Of("|besuchen|besuche besuchst besucht besuchen besucht besuchen|besucht|visit visited visited visiting", objects: Words.People),
        Verb.Of("|fragen|frage fragst fragt fragen fragt fragen|gefragt|ask asked asked asking", objects: Words.People),
        Verb.Of("|füttern|füttere fütterst füttert füttern füttert füttern|gefüttert|feed fed fed feeding", objects: Words.Animals),
        Verb.Of("|hören|höre hörst hört hören hört hören|gehört|hear heard heard -", objects: Living),
        Verb.Of("auf|räumen|räume räumst räumt räumen räumt räumen|aufgeräumt|tidy tidied tidied tidying|up", objects: Words.Rooms),
        Verb.Of("ab|holen|hole holst holt holen holt holen|abgeholt|pick picked picked picking|up", objects: [.. Words.People, .. Words.Goods]),
        Verb.Of("an|rufen|rufe rufst ruft rufen ruft rufen|angerufen|call called called calling", objects: Words.People),
        Verb.Of("ein|laden|lade lädst lädt laden ladet laden|eingeladen|invite invited invited inviting", objects: Words.People),
        Verb.Of("mit|bringen|bringe bringst bringt bringen bringt bringen|mitgebracht|bring brought brought bringing|along", objects: [.. Anything, .. Eaten]),
        Verb.Of("weg|werfen|werfe wirfst wirft werfen werft werfen|weggeworfen|throw threw thrown throwing|away", objects: Things),
        Verb.Of("aus|schalten|schalte schaltest schaltet schalten schaltet schalten|ausgeschaltet|turn turned turned turning|off", objects: Words.Devices),
        Verb.Of("ein|schalten|schalte schaltest schaltet schalten schaltet schalten|eingeschaltet|turn turned turned turning|on", objects: Words.Devices),
        Verb.Of("auf|machen|mache machst macht machen macht machen|aufgemacht|open opened opened opening", objects: Words.Openings),
        Verb.Of("zu|machen|mache machst macht machen macht machen|zugemacht|close closed closed closing", objects: Words.Openings),
        Verb.Of("vor|lesen|lese liest liest lesen lest lesen|vorgelesen|read read read reading|out", objects: Words.Reading),
        Verb.Of("an|probieren|probiere probierst probiert probieren probiert probieren|anprobiert|try tried tried trying|on", objects: [.. Words.Goods.Where(g => g.English is "dress" or "hat" or "jacket" or "shirt" or "coat")]),
    ];

    /// <summary>With a person in the dative and a thing in the accusative.</summary>
    public static readonly Verb[] Giving =
    [
        Verb.Of("|geben|gebe gibst gibt geben gebt geben|gegeben|give gave given giving", objects: Things),
        Verb.Of("|zeigen|zeige zeigst zeigt zeigen zeigt zeigen|gezeigt|show showed shown showing", objects: [.. Things, .. Words.Animals]),
        Verb.Of("|schicken|schicke schickst schickt schicken schickt schicken|geschickt|send sent sent sending", objects: Words.Reading),
        Verb.Of("|verkaufen|verkaufe verkaufst verkauft verkaufen verkauft verkaufen|verkauft|sell sold sold selling", objects: Words.Goods),
        Verb.Of("|leihen|leihe leihst leiht leihen leiht leihen|geliehen|lend lent lent lending", objects: Things),
    ];

    /// <summary>Without an object.</summary>
    public static readonly Verb[] Intransitive =
    [
        Verb.Of("|schlafen|schlafe schläfst schläft schlafen schlaft schlafen|geschlafen|sleep slept slept sleeping"),
        Verb.Of("|arbeiten|arbeite arbeitest arbeitet arbeiten arbeitet arbeiten|gearbeitet|work worked worked working"),
        Verb.Of("|warten|warte wartest wartet warten wartet warten|gewartet|wait waited waited waiting"),
        Verb.Of("|spielen|spiele spielst spielt spielen spielt spielen|gespielt|play played played playing"),
        Verb.Of("|lachen|lache lachst lacht lachen lacht lachen|gelacht|laugh laughed laughed laughing"),
        Verb.Of("|tanzen|tanze tanzt tanzt tanzen tanzt tanzen|getanzt|dance danced danced dancing"),
        Verb.Of("|singen|singe singst singt singen singt singen|gesungen|sing sang sung singing"),
        Verb.Of("ein|kaufen|kaufe kaufst kauft kaufen kauft kaufen|eingekauft|shop shopped shopped shopping"),
    ];

    /// <summary>From one place to another.</summary>
    public static readonly Verb[] Moving =
    [
        Verb.Of("|gehen|gehe gehst geht gehen geht gehen|gegangen|go went gone going", moves: true),
        Verb.Of("|fahren|fahre fährst fährt fahren fahrt fahren|gefahren|drive drove driven driving", moves: true),
        Verb.Of("|laufen|laufe läufst läuft laufen lauft laufen|gelaufen|run ran run running", moves: true),
        Verb.Of("|reisen|reise reist reist reisen reist reisen|gereist|travel travelled travelled travelling", moves: true),
        Verb.Of("|kommen|komme kommst kommt kommen kommt kommen|gekommen|come came come coming", moves: true),
        Verb.Of("zurück|kehren|kehre kehrst kehrt kehren kehrt kehren|zurückgekehrt|return returned returned returning", moves: true),
    ];
}
