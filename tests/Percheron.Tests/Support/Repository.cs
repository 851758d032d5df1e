namespace Percheron.Tests.Support;

/// <summary>The checkout the tests were built from: approved files and the sources themselves.</summary>
public static class Repository
{
    /// <summary>Whether approved files are to be written instead of compared: PERCHERON_APPROVE=1.</summary>
    public static bool Approve { get; } = Environment.GetEnvironmentVariable("PERCHERON_APPROVE") == "1";

    /// <summary>Its root folder.</summary>
    public static string Root { get; } = Find();

    /// <summary>A file or folder of the checkout.</summary>
    public static string At(params ReadOnlySpan<string> parts) => Path.Combine([Root, .. parts]);

    /// <summary>All C# files under a folder of the checkout, build outputs aside.</summary>
    public static IEnumerable<string> Sources(string folder) =>
        Directory.EnumerateFiles(At(folder), "*.cs", SearchOption.AllDirectories)
            .Where(f => !Path.GetRelativePath(Root, f).Split(Path.DirectorySeparatorChar).Any(p => p is "obj" or "bin"));

    private static string Find()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
            if (File.Exists(Path.Combine(at.FullName, "Percheron.slnx"))) return at.FullName;
        throw new InvalidOperationException("the tests run inside the checkout they were built from");
    }
}
