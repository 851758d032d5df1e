namespace Percheron.Evaluation.Translation;

/// <summary>Times of day, told and written.</summary>
internal sealed class ClockTheme : ITheme
{
    private static readonly (string German, string End, string English)[] Events =
    [
        ("Der Zug fährt", "ab", "The train leaves"), ("Der Bus kommt", "an", "The bus arrives"), ("Der Film fängt", "an", "The film starts"), ("Der Unterricht hört", "auf", "The lesson ends"), ("Wir essen", "", "We eat"), ("Ich stehe", "auf", "I get up"),
        ("Das Flugzeug landet", "", "The plane lands"), ("Der Laden macht", "auf", "The shop opens"), ("Das Museum macht", "zu", "The museum closes"), ("Sie ruft", "an", "She calls"), ("Er geht", "ins Bett", "He goes to bed"), ("Die Kinder kommen", "nach Hause", "The children come home"),
    ];

    public TranslationPair Make(Dice dice)
    {
        int hour = dice.Below(24), minute = dice.Percent(60) ? 5 * dice.Below(12) : dice.Below(60);
        if (dice.Percent(45))
        {
            int told = ((hour + 11) % 12) + 1, next = (told % 12) + 1;
            minute = 5 * (minute / 5);
            (string german, string[] english) = Told(told, next, minute);
            return dice.Below(3) switch
            {
                0 => new($"Es ist {german}.", [.. english.Select(e => $"It is {e}."), .. english.Take(1).Select(e => $"It's {e}.")]),
                1 => new($"Ist es schon {german}?", [.. english.Select(e => $"Is it already {e}?")]),
                _ => Event(dice, "um " + german, [.. english.Select(e => "at " + e)]),
            };
        }
        string clock = dice.Percent(50) ? $"um {hour}.{minute:00} Uhr" : $"um {hour}:{minute:00} Uhr";
        if (minute == 0) clock = $"um {hour} Uhr";
        int twelve = ((hour + 11) % 12) + 1;
        string half = hour < 12 ? "a.m." : "p.m.";
        return Event(dice, clock, [$"at {twelve}:{minute:00} {half}", $"at {hour}:{minute:00}", minute == 0 ? $"at {twelve} {half}" : $"at {twelve}.{minute:00} {half}"]);
    }

    private static TranslationPair Event(Dice dice, string german, string[] english)
    {
        (string what, string rest, string happens) = dice.Of(Events);
        string? when = dice.Percent(40) ? dice.Of(Words.FreeTimes.Select(t => t.German).ToArray()) : null;
        string? then = when is null ? null : Words.FreeTimes.First(t => t.German == when).English;
        return new(Sentence.Of(Sentence.Join(what, when, german, rest)), [.. english.Select(e => Ended(Sentence.Join(happens, e, then))), .. english.Take(1).Select(e => Ended(Sentence.Join(happens, then, e)))]);
    }

    // An abbreviation's full stop ends the sentence, too.
    private static string Ended(string text) => text.EndsWith('.') ? text : text + ".";

    private static (string German, string[] English) Told(int hour, int next, int minute)
    {
        string h = NumberWords.German(hour), n = NumberWords.German(next), e = NumberWords.English(hour), f = NumberWords.English(next);
        return minute switch
        {
            0 => ($"{(hour == 1 ? "ein" : h)} Uhr", [$"{e} o'clock", e]),
            15 => ($"Viertel nach {h}", [$"a quarter past {e}", $"quarter past {e}", $"{e} fifteen"]),
            30 => ($"halb {n}", [$"half past {e}", $"{e} thirty"]),
            45 => ($"Viertel vor {n}", [$"a quarter to {f}", $"quarter to {f}", $"{e} forty-five"]),
            25 => ($"fünf vor halb {n}", [$"twenty-five past {e}", $"{e} twenty-five"]),
            35 => ($"fünf nach halb {n}", [$"twenty-five to {f}", $"{e} thirty-five"]),
            < 30 => ($"{NumberWords.German(minute)} nach {h}", [$"{NumberWords.English(minute)} past {e}", $"{NumberWords.English(minute)} minutes past {e}"]),
            _ => ($"{NumberWords.German(60 - minute)} vor {n}", [$"{NumberWords.English(60 - minute)} to {f}", $"{NumberWords.English(60 - minute)} minutes to {f}"]),
        };
    }
}
