using Percheron.Decoding;
using Spectre.Console;

namespace Percheron.Cli.Output;

/// <summary>The catalogue as a table or as JSON.</summary>
internal static class CatalogTable
{
    public static void Write(IEnumerable<(CatalogEntry Entry, bool Lossless)> entries, Terminal terminal, bool json)
    {
        if (json)
        {
            MethodReport[] methods = [.. entries.Select(e => new MethodReport(Name(e.Entry), e.Entry.Options, e.Lossless, e.Entry.Source, e.Entry.Examples))];
            Json.Write(terminal, methods);
            return;
        }
        Table table = new Table().Border(TableBorder.Simple).AddColumns("Name", "Options", "Lossless", "Source");
        foreach ((CatalogEntry entry, bool lossless) in entries)
            table.AddRow(new Text(Name(entry)), new Text(string.Join(", ", entry.Options)), new Text(lossless ? "yes" : "no, lossy"), new Text(entry.Source));
        terminal.Write(table);
    }

    // What an option takes is shown as it is written.
    private static string Name(CatalogEntry entry) => entry.Kind is "drafter" or "verifier" ? entry.Name : $"{entry.Kind}={entry.Name}";
}
