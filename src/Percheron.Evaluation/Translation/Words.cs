namespace Percheron.Evaluation.Translation;

/// <summary>What the grammars speak of.</summary>
internal static class Words
{
    public static readonly string[] Names = "Anna Peter Maria Thomas Julia Paul Lena Max Sophie Karl Eva Felix Clara Jonas Laura David Nina Oskar Marta Simon".Split(' ');

    public static readonly Noun[] People = Noun.Read("""
        der Mann|Männer|man|men
        die Frau|Frauen|woman|women
        das Kind|Kinder|child|children
        der Lehrer|Lehrer|teacher
        die Ärztin|Ärztinnen|doctor
        die Schwester|Schwestern|sister
        der Bruder|Brüder|brother
        die Mutter|Mütter|mother
        der Vater|Väter|father
        der Freund|Freunde|friend
        die Tante|Tanten|aunt
        der Onkel|Onkel|uncle
        das Mädchen|Mädchen|girl
        der Gast|Gäste|guest
        die Köchin|Köchinnen|cook
        der Bäcker|Bäcker|baker
        die Richterin|Richterinnen|judge
        der Schüler|Schüler|pupil
        die Tochter|Töchter|daughter
        """);

    public static readonly Noun[] Animals = Noun.Read("""
        der Hund|Hunde|dog
        die Katze|Katzen|cat
        das Pferd|Pferde|horse
        der Vogel|Vögel|bird
        die Kuh|Kühe|cow
        das Schaf|Schafe|sheep|sheep
        die Maus|Mäuse|mouse|mice
        der Fisch|Fische|fish|fish
        die Ente|Enten|duck
        das Huhn|Hühner|hen
        """);

    public static readonly Noun[] Goods = Noun.Read("""
        der Tisch|Tische|table
        die Lampe|Lampen|lamp
        das Fahrrad|Fahrräder|bicycle
        der Stuhl|Stühle|chair
        die Uhr|Uhren|watch|watches
        das Kleid|Kleider|dress|dresses
        der Hut|Hüte|hat
        die Jacke|Jacken|jacket
        das Hemd|Hemden|shirt
        der Mantel|Mäntel|coat
        die Tasche|Taschen|bag
        das Messer|Messer|knife|knives
        der Koffer|Koffer|suitcase
        die Kamera|Kameras|camera
        das Bild|Bilder|picture
        der Teppich|Teppiche|carpet
        die Flasche|Flaschen|bottle
        das Glas|Gläser|glass|glasses
        der Schlüssel|Schlüssel|key
        die Karte|Karten|ticket
        """);

    public static readonly Noun[] Reading = Noun.Read("""
        das Buch|Bücher|book
        der Brief|Briefe|letter
        die Zeitung|Zeitungen|newspaper
        das Gedicht|Gedichte|poem
        der Roman|Romane|novel
        die Geschichte|Geschichten|story|stories
        der Bericht|Berichte|report
        die Nachricht|Nachrichten|message
        """);

    public static readonly Noun[] Food = Noun.Read("""
        der Apfel|Äpfel|apple
        das Brot|Brote|loaf|loaves
        die Suppe|Suppen|soup
        der Kuchen|Kuchen|cake
        das Ei|Eier|egg
        die Birne|Birnen|pear
        der Salat|Salate|salad
        die Wurst|Würste|sausage
        das Brötchen|Brötchen|roll
        die Kartoffel|Kartoffeln|potato|potatoes
        """);

    public static readonly Noun[] Vehicles = Noun.Read("""
        das Auto|Autos|car
        der Wagen|Wagen|carriage
        die Maschine|Maschinen|machine
        das Boot|Boote|boat
        der Motor|Motoren|engine
        das Dach|Dächer|roof
        """);

    public static readonly Noun[] Rooms = Noun.Read("""
        die Küche|Küchen|kitchen
        das Zimmer|Zimmer|room
        der Keller|Keller|cellar
        die Werkstatt|Werkstätten|workshop
        das Büro|Büros|office
        der Schrank|Schränke|cupboard
        """);

    public static readonly Noun[] Openings = Noun.Read("""
        die Tür|Türen|door
        das Fenster|Fenster|window
        der Laden|Läden|shop
        das Tor|Tore|gate
        die Kiste|Kisten|box|boxes
        der Koffer|Koffer|suitcase
        """);

    public static readonly Noun[] Devices = Noun.Read("""
        das Licht|Lichter|light
        der Ofen|Öfen|oven
        die Heizung|Heizungen|heating|heatings
        das Radio|Radios|radio
        der Fernseher|Fernseher|television
        die Lampe|Lampen|lamp
        """);

    /// <summary>What things and animals may be; stems that take an ending.</summary>
    public static readonly (string German, string English)[] Adjectives =
    [
        ("alt", "old"), ("neu", "new"), ("groß", "big"), ("klein", "small"), ("rot", "red"), ("blau", "blue"), ("grün", "green"), ("schwarz", "black"), ("weiß", "white"), ("schön", "beautiful"), ("teur", "expensive"), ("billig", "cheap"),
        ("schwer", "heavy"), ("leicht", "light"), ("seltsam", "strange"), ("berühmt", "famous"), ("letzt", "last"), ("erst", "first"), ("sauber", "clean"), ("schmutzig", "dirty"),
    ];

    /// <summary>What persons may be.</summary>
    public static readonly (string German, string English)[] Manners =
    [
        ("alt", "old"), ("jung", "young"), ("groß", "tall"), ("klein", "small"), ("freundlich", "friendly"), ("seltsam", "strange"), ("berühmt", "famous"), ("müd", "tired"), ("fröhlich", "cheerful"), ("neu", "new"), ("klug", "clever"), ("fleißig", "diligent"),
        ("ruhig", "quiet"), ("höflich", "polite"), ("nächst", "next"),
    ];

    /// <summary>When something may happen, whether it has or will.</summary>
    public static readonly (string German, string English)[] FreeTimes =
    [
        ("heute", "today"), ("am Montag", "on Monday"), ("am Dienstag", "on Tuesday"), ("am Mittwoch", "on Wednesday"), ("am Donnerstag", "on Thursday"), ("am Freitag", "on Friday"), ("am Samstag", "on Saturday"), ("am Sonntag", "on Sunday"),
        ("am Abend", "in the evening"), ("am Morgen", "in the morning"), ("am Nachmittag", "in the afternoon"), ("nach dem Essen", "after the meal"), ("vor der Arbeit", "before work"), ("im Sommer", "in summer"), ("im Winter", "in winter"),
    ];

    public static readonly (string German, string English)[] PastTimes =
        [("gestern", "yesterday"), ("letzte Woche", "last week"), ("vor drei Tagen", "three days ago"), ("gestern Abend", "yesterday evening"), ("vor einem Jahr", "a year ago"), ("im letzten Monat", "last month"), ("vorgestern", "the day before yesterday")];

    public static readonly (string German, string English)[] FutureTimes =
        [("morgen", "tomorrow"), ("nächste Woche", "next week"), ("in zwei Tagen", "in two days"), ("übermorgen", "the day after tomorrow"), ("morgen früh", "tomorrow morning"), ("bald", "soon"), ("nächstes Jahr", "next year")];

    /// <summary>How often; English puts them before the verb.</summary>
    public static readonly (string German, string English)[] Frequencies = [("oft", "often"), ("immer", "always"), ("selten", "rarely"), ("manchmal", "sometimes"), ("nie", "never"), ("meistens", "usually")];
}
