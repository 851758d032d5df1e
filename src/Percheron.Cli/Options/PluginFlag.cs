using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using Percheron.Decoding;

namespace Percheron.Cli.Options;

/// <summary><c>--plugin DLL</c>: drafters and verifiers of another assembly join the catalogue.</summary>
internal sealed class PluginFlag
{
    private readonly Option<string[]> _plugin = new("--plugin") { Description = "An assembly whose drafters and verifiers join the catalogue (repeatable).", HelpName = "DLL" };

    public void AddTo(Command command) => command.Add(_plugin);

    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Only the build with a just-in-time compiler loads assemblies, and nothing of it is trimmed.")]
    public Catalog Read(ParseResult parsed)
    {
        if (parsed.GetValue(_plugin) is not { Length: > 0 } paths) return new Catalog();
        if (RuntimeFeature.IsDynamicCodeSupported) return new Catalog([.. paths.Select(Load)]);
        throw Failure.Usage($"--plugin {paths[0]}: this percheron is compiled ahead of time and can load no assembly; the ordinary build (dotnet build src/Percheron.Cli) can.");
    }

    [RequiresUnreferencedCode("Loads an assembly.")]
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
