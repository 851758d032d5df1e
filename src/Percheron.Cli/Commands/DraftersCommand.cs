using System.CommandLine;
using Percheron.Cli.Options;
using Percheron.Cli.Output;
using Percheron.Decoding;

namespace Percheron.Cli.Commands;

/// <summary><c>percheron drafters</c>: who can guess.</summary>
internal static class DraftersCommand
{
    public static Command Create(Terminal terminal)
    {
        Command command = new("drafters", "Lists the drafters, and what their options take: names, options with defaults, source.");
        PluginFlag plugin = new();
        JsonFlag json = new();
        plugin.AddTo(command);
        json.AddTo(command);
        Help.Attach(command, terminal, "percheron drafters --json");
        command.SetAction(parsed =>
        {
            // What a drafter guesses never changes the law of the text: the verifier decides.
            Catalog catalog = plugin.Read(parsed);
            CatalogTable.Write(catalog.Drafters.Concat(catalog.Parts).Select(e => (e, true)), terminal, json.Read(parsed));
            return 0;
        });
        return command;
    }
}
