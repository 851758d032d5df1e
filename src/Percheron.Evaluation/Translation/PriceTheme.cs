using System.Globalization;

namespace Percheron.Evaluation.Translation;

/// <summary>What things cost.</summary>
internal sealed class PriceTheme : ITheme
{
    public TranslationPair Make(Dice dice)
    {
        int cents = dice.Percent(30) ? 100 * dice.Between(1, 2000) : dice.Between(10, 30_000);
        (string amount, string[] amounts) = Amount(cents, dice.Percent(35));
        switch (dice.Below(5))
        {
            case 0:
                NounPhrase one = NounPhrase.Drawn(dice, dice.Of(Words.Goods), adjective: 40);
                return new(Sentence.Of($"{one.German(Case.Nominative)} {(one.IsPlural ? "kosten" : "kostet")} {amount}"), [.. amounts.Select(a => Sentence.Of($"{one.English} {(one.IsPlural ? "cost" : "costs")} {a}"))]);
            case 1:
                int count = dice.Between(2, 12);
                (string unit, string units) = dice.Of(Units);
                (string stuff, string stuffs) = dice.Of(Stuffs);
                return new($"{Sentence.First(NumberWords.German(count))} {unit} {stuff} kosten {amount}.", [.. amounts.Select(a => $"{Sentence.First(NumberWords.English(count))} {units} {stuffs} cost {a}.")]);
            case 2:
                NounPhrase bought = NounPhrase.Drawn(dice, dice.Of(Words.Goods), adjective: 40);
                (string who, string whom) = dice.Of(Payers);
                return new($"{who} für {bought.German(Case.Accusative)} {amount} bezahlt.", [.. amounts.Select(a => $"{whom} {a} for {bought.English}.")]);
            case 3:
                NounPhrase offered = NounPhrase.Drawn(dice, dice.Of(Words.Goods), adjective: 40);
                return new($"Gestern {(offered.IsPlural ? "haben" : "hat")} {offered.German(Case.Nominative)} noch {amount} gekostet.",
                    [.. amounts.Select(a => Sentence.Of($"{offered.English} still cost {a} yesterday")), .. amounts.Take(1).Select(a => $"Yesterday {offered.English} still cost {a}.")]);
            default:
                int back = dice.Between(1, 90);
                return new($"Das macht zusammen {amount}, und Sie bekommen {back} Euro zurück.", [.. amounts.Select(a => $"That is {a} altogether, and you get {back} euro{(back == 1 ? "" : "s")} back."), $"That makes {amounts[0]} altogether, and you get {back} euro{(back == 1 ? "" : "s")} back."]);
        }
    }

    private static (string German, string[] English) Amount(int cents, bool sign)
    {
        bool whole = cents % 100 == 0;
        string number = whole ? (cents / 100).ToString(CultureInfo.InvariantCulture) : (cents / 100m).ToString("0.00", CultureInfo.InvariantCulture);
        string german = number.Replace('.', ',') + (sign ? " €" : " Euro");
        string plural = cents == 100 ? "euro" : "euros";
        return (german, sign ? [$"€{number}", $"{number} {plural}"] : [$"{number} {plural}", $"€{number}"]);
    }

    private static readonly (string, string)[] Units = [("Kilo", "kilos of"), ("Flaschen", "bottles of"), ("Pfund", "pounds of"), ("Dosen", "tins of"), ("Kisten", "crates of"), ("Tüten", "bags of")];
    private static readonly (string, string)[] Stuffs = [("Äpfel", "apples"), ("Kartoffeln", "potatoes"), ("Kirschen", "cherries"), ("Bohnen", "beans"), ("Nüsse", "nuts"), ("Zwiebeln", "onions"), ("Birnen", "pears"), ("Tomaten", "tomatoes")];
    private static readonly (string, string)[] Payers = [("Ich habe", "I paid"), ("Wir haben", "We paid"), ("Anna hat", "Anna paid"), ("Peter hat", "Peter paid"), ("Sie haben", "They paid"), ("Meine Mutter hat", "My mother paid")];
}
