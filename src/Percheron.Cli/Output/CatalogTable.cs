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
            MethodReport[] methods = [.. entries.Select(e => new MethodReport(e.Entry.Name, e.Entry.Options, e.Lossless, e.Entry.Source, e.Entry.Examples))];
            Json.Write(terminal, methods);
            return;
        }
        Table table = new Table().Border(TableBorder.Simple).AddColumns("Name", "Options", "Lossless", "Source");
        foreach ((CatalogEntry entry, bool lossless) in entries)
            table.AddRow(new Text(entry.Name), new Text(string.Join(", ", entry.Options)), new Text(lossless ? "yes" : "no, lossy"), new Text(entry.Source));
        terminal.Write(table);
    }
}
