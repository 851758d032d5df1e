namespace Percheron.Evaluation.Translation;

/// <summary>Where, and where to: two-way prepositions take the dative or the accusative.</summary>
internal static class Places
{
    private static readonly (string German, string English)[] Prepositions = [("in", "in"), ("vor", "in front of"), ("hinter", "behind"), ("neben", "next to"), ("auf", "on"), ("unter", "under"), ("an", "at")];

    private static readonly (string Short, string Long)[] Joined =
        [("im", "in dem"), ("ins", "in das"), ("am", "an dem"), ("ans", "an das"), ("zum", "zu dem"), ("zur", "zu der"), ("vom", "von dem"), ("beim", "bei dem")];

    // Which prepositions go with a place: by their indices above.
    private static readonly (Noun Noun, int[] With)[] Known =
    [
        .. Noun.Read("der Garten|Gärten|garden\ndas Haus|Häuser|house\ndie Küche|Küchen|kitchen\nder Park|Parks|park\ndie Schule|Schulen|school\ndas Hotel|Hotels|hotel\nder Bahnhof|Bahnhöfe|station\ndie Kirche|Kirchen|church").Select(n => (n, new[] { 0, 1, 2, 3 })),
        .. Noun.Read("der Tisch|Tische|table\ndas Bett|Betten|bed\nder Stuhl|Stühle|chair\ndie Bank|Bänke|bench").Select(n => (n, new[] { 1, 2, 3, 4, 5 })),
        .. Noun.Read("der See|Seen|lake\ndas Fenster|Fenster|window\ndie Tür|Türen|door\nder Strand|Strände|beach").Select(n => (n, new[] { 6, 1, 3 })),
        .. Noun.Read("der Schrank|Schränke|cupboard\ndie Kiste|Kisten|box\ndas Regal|Regale|shelf\nder Korb|Körbe|basket").Select(n => (n, new[] { 0, 2, 3, 5 })),
    ];

    /// <summary>A place where something is.</summary>
    public static (string German, string English) Drawn(Dice dice) => Of(dice, Case.Dative);

    /// <summary>A place where something is put.</summary>
    public static (string German, string English) Target(Dice dice) => Of(dice, Case.Accusative);

    /// <summary>The preposition and the article in one word, where German has one.</summary>
    public static string Contracted(string german)
    {
        foreach ((string brief, string full) in Joined)
            if (german.StartsWith(full + " ", StringComparison.Ordinal)) return brief + german[full.Length..];
        return german;
    }

    private static (string German, string English) Of(Dice dice, Case form)
    {
        (Noun noun, int[] with) = dice.Of(Known);
        (string german, string english) = Prepositions[dice.Of(with)];
        NounPhrase where = dice.Percent(70) ? NounPhrase.The(noun) : NounPhrase.Drawn(dice, noun with { Plural = "" }, adjective: 60);
        return (Contracted($"{german} {where.German(form)}"), $"{english} {where.EnglishObject}");
    }
}
