using System.CommandLine;
using System.Runtime.CompilerServices;
using Percheron.Cli.Options;
using Percheron.Cli.Output;
using Percheron.Decoding;

namespace Percheron.Cli.Commands;

/// <summary><c>percheron verifiers</c>: who can decide.</summary>
internal static class VerifiersCommand
{
    public static Command Create(Terminal terminal)
    {
        Command command = new("verifiers", "Lists the verifiers: names, options with defaults, lossless or lossy, source.");
        PluginFlag plugin = new();
        JsonFlag json = new();
        plugin.AddTo(command);
        json.AddTo(command);
        Help.Attach(command, terminal, "percheron verifiers");
        command.SetAction(parsed =>
        {
            Catalog catalog = plugin.Read(parsed);
            CatalogTable.Write(catalog.Verifiers.Select(e => (e, IsLossless(catalog, e))), terminal, json.Read(parsed));
            return 0;
        });
        return command;
    }

    // A verifier that needs a model is looked at without one: whether a rule is lossless does not depend on whom it asks.
    private static bool IsLossless(Catalog catalog, CatalogEntry entry)
    {
        try
        {
            return catalog.Verifier(entry.Examples[0], new NoHost()).IsLossless;
        }
        catch (SpecException)
        {
            return ((Verifier)RuntimeHelpers.GetUninitializedObject(entry.Type)).IsLossless;
        }
    }

    private sealed class NoHost : ISpecHost
    {
        public object? Supply(Type type, string parameter, string? file) => null;
    }
}
