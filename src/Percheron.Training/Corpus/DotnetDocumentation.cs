using System.Xml.Linq;

namespace Percheron.Training.Corpus;

/// <summary>The reference documentation that every .NET SDK installation carries in its targeting packs (MIT licence).</summary>
public static class DotnetDocumentation
{
    private static readonly string[] Packs = ["Microsoft.NETCore.App.Ref", "Microsoft.AspNetCore.App.Ref"];

    /// <summary>Every entry once, in ordinal order of the member id; where files repeat a member, the first file in ordinal order of its name wins.</summary>
    /// <exception cref="DirectoryNotFoundException">No targeting pack of this framework lies under <paramref name="dotnetRoot"/>.</exception>
    public static IReadOnlyList<Document> Read(string dotnetRoot)
    {
        var entries = new SortedDictionary<string, Document>(StringComparer.Ordinal);
        foreach (string file in Files(dotnetRoot))
            foreach (Document document in DocumentationXml.Read(XDocument.Load(file, LoadOptions.PreserveWhitespace)))
                entries.TryAdd(document.Member, document);
        return [.. entries.Values];
    }

    /// <summary>Where this process's .NET is installed: <c>DOTNET_ROOT</c> if it has the packs, else the folder the running framework lies in.</summary>
    public static string FindRoot()
    {
        string running = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", ".."));
        return Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } named && Directory.Exists(Path.Combine(named, "packs")) ? named : running;
    }

    private static List<string> Files(string dotnetRoot)
    {
        var files = new List<string>();
        foreach (string pack in Packs)
        {
            string folder = Path.Combine(dotnetRoot, "packs", pack);
            string? newest = !Directory.Exists(folder) ? null : Directory.GetDirectories(folder)
                .Select(version => Path.Combine(version, "ref", "net10.0"))
                .Where(Directory.Exists)
                .OrderBy(version => Version.TryParse(Path.GetFileName(Path.GetDirectoryName(Path.GetDirectoryName(version))), out Version? v) ? v : new Version())
                .LastOrDefault();
            if (newest is null)
                throw new DirectoryNotFoundException($"No {pack} for net10.0 under '{folder}'. Install the .NET 10 SDK, or set DOTNET_ROOT to an installation that has its packs.");
            files.AddRange(Directory.GetFiles(newest, "*.xml").Order(StringComparer.Ordinal));
        }
        return files;
    }
}
