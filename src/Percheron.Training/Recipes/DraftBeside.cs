namespace Percheron.Training.Recipes;

/// <summary>The draft model that lies beside a target: <c>NAME-draft-q8_0.gguf</c> beside <c>NAME-q8_0.gguf</c>.</summary>
internal static class DraftBeside
{
    private const string Plain = "-q8_0.gguf", Draft = "-draft-q8_0.gguf";

    /// <summary>Its file; null if there is none.</summary>
    public static string? Find(string target) => Expected(target) is var path && path != target && File.Exists(path) ? path : null;

    /// <summary>Its file.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    public static string Require(string target) => Find(target) ?? throw new FileNotFoundException($"This recipe begins with a draft, and there is none beside the target; expected '{Expected(target)}'.");

    private static string Expected(string target) => target.Replace(Plain, Draft, StringComparison.Ordinal);
}
