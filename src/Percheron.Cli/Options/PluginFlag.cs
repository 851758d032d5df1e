using System.CommandLine;
using System.Reflection;
using Percheron.Decoding;

namespace Percheron.Cli.Options;

/// <summary><c>--plugin DLL</c>: drafters and verifiers of another assembly join the catalogue.</summary>
internal sealed class PluginFlag
{
    private readonly Option<string[]> _plugin = new("--plugin") { Description = "An assembly whose drafters and verifiers join the catalogue (repeatable).", HelpName = "DLL" };

    public void AddTo(Command command) => command.Add(_plugin);

    public Catalog Read(ParseResult parsed) => new([.. (parsed.GetValue(_plugin) ?? []).Select(Load)]);

    private static Assembly Load(string path)
    {
        try
        {
            return Assembly.LoadFrom(Path.GetFullPath(path));
        }
        catch (Exception e) when (e is BadImageFormatException or FileNotFoundException or FileLoadException)
        {
            throw new Failure($"--plugin {path}: {(File.Exists(path) ? "this is not a .NET assembly that can be loaded here" : "there is no such file")}");
        }
    }
}
