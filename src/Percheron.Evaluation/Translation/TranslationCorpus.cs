using System.Text;

namespace Percheron.Evaluation.Translation;

/// <summary>
/// German sentences with their English translations, made by grammars of numbers, dates, times, prices and everyday clauses. Nothing in it is anybody's text. Pair i is a pure function of (seed, i);
/// which side of the split a pair is on follows from its German text alone, so that no held-out sentence is ever trained on.
/// </summary>
/// <param name="seed">Of all pairs.</param>
public sealed class TranslationCorpus(ulong seed)
{
    // One sentence of so many is held out.
    private const ulong HeldOutShare = 20;

    // A theme as often as it stands here.
    private static readonly ITheme[] Themes =
    [
        new ClauseTheme(), new ClauseTheme(), new ClauseTheme(), new ClauseTheme(), new ClauseTheme(), new ClauseTheme(), new ClauseTheme(), new LinkedTheme(), new LinkedTheme(), new LinkedTheme(),
        new PlaceTheme(), new PlaceTheme(), new QualityTheme(), new QualityTheme(), new DativeTheme(), new NumberTheme(), new DateTheme(), new DateTheme(), new ClockTheme(), new PriceTheme(), new PriceTheme(),
    ];

    /// <summary>Pair <paramref name="index"/>. Different indices may give the same pair.</summary>
    public TranslationPair Pair(long index)
    {
        Dice dice = new(seed, index);
        TranslationPair pair = dice.Of(Themes).Make(dice);
        return pair with { English = [.. pair.English.Distinct(StringComparer.Ordinal)] };
    }

    /// <summary>Pairs of one side of the split, each German text once, in the order of their indices; without end.</summary>
    /// <param name="heldOut">Whether those that nothing is trained on are wanted.</param>
    public IEnumerable<TranslationPair> Pairs(bool heldOut)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        for (long index = 0; ; index++)
            if (Pair(index) is var pair && IsHeldOut(pair.German) == heldOut && seen.Add(pair.German)) yield return pair;
    }

    /// <summary>Whether nothing is trained on a German text.</summary>
    public static bool IsHeldOut(string german) => Hash(german) % HeldOutShare == 0;

    /// <summary>What a decoder-only model is given: it goes on with the translation and the end of text.</summary>
    public static string Prompt(TranslationPair pair) => $"Deutsch: {pair.German}\nEnglish:";

    /// <summary>What a decoder-only model learns: <see cref="Prompt"/> and the usual translation.</summary>
    public static string Document(TranslationPair pair) => $"{Prompt(pair)} {pair.English[0]}";

    // FNV-1a, with the high bits folded down: its low ones alone are poor.
    private static ulong Hash(string text)
    {
        ulong hash = 14695981039346656037;
        foreach (byte b in Encoding.UTF8.GetBytes(text)) hash = (hash ^ b) * 1099511628211;
        return (hash >> 32) ^ (hash & 0xFFFFFFFF);
    }
}
