using Xunit;

namespace Percheron.Tests.Support;

/// <summary>Finds the shared test data beside the checkout; it is never part of the repository, so tests that need it skip where it is missing.</summary>
public static class SharedData
{
    private static readonly string? Root = Find();

    /// <summary>Path of a shared file; skips the calling test, saying so, where it is missing.</summary>
    public static string Require(string relative)
    {
        string? path = Root is null ? null : Path.Combine(Root, relative);
        if (path is null || !(File.Exists(path) || Directory.Exists(path)))
            Assert.Skip($"shared data '{relative}' is not here (looked for shared/data beside the checkout; PERCHERON_DATA names another folder)");
        return path;
    }

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("PERCHERON_DATA") is { Length: > 0 } named) return named;
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            string candidate = Path.Combine(at.FullName, "shared", "data");
            if (Directory.Exists(candidate)) return candidate;
        }
        return null;
    }
}
