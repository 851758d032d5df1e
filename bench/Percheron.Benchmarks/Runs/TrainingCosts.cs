using System.Globalization;
using System.Text.Json.Nodes;
using Percheron.Cli.Hosting;

namespace Percheron.Benchmarks.Runs;

/// <summary>What it took to train what drafters read, off the cards that lie beside the files.</summary>
internal sealed class TrainingCosts(HeadsFolder cards)
{
    private readonly Dictionary<string, string?> _known = new(StringComparer.Ordinal);

    /// <summary>Two cells of a table: parameters in millions and minutes, of everything the spec reads together; null where nothing was trained or a card is missing.</summary>
    public string? Of(string spec)
    {
        if (!_known.TryGetValue(spec, out string? cells)) _known.Add(spec, cells = Cells(TrainedParts.Of(spec)));
        return cells;
    }

    private string? Cells(IReadOnlyList<string> kinds)
    {
        if (kinds.Count == 0 || kinds.Any(kind => cards.Card(kind) is null)) return null;
        JsonNode[] all = [.. kinds.Select(kind => JsonNode.Parse(File.ReadAllText(cards.Card(kind)!))!)];
        return string.Create(CultureInfo.InvariantCulture, $" {all.Sum(c => (double)c["Parameters"]! / 1e6):0.00} | {all.Sum(c => (double)c["Run"]!["Seconds"]! / 60):0.0} |");
    }
}
