namespace Percheron.Cli.Hosting;

/// <summary>Files that belong to a model of codes: NAME-KIND.gguf beside NAME-q8_0.gguf, or beside any other file of that family.</summary>
internal static class Companion
{
    /// <summary>The file of a kind beside the target, else the embedded one; either may not be there.</summary>
    /// <param name="target">The model's file.</param>
    /// <param name="kind">Such as <c>codec</c>.</param>
    /// <param name="embedded">The embedded one.</param>
    public static string Of(string target, string kind, string embedded)
    {
        string name = Path.GetFileNameWithoutExtension(target);
        int cut = name.LastIndexOf('-');
        string beside = Path.Combine(Path.GetDirectoryName(target) ?? "", $"{(cut < 0 ? name : name[..cut])}-{kind}.gguf");
        return File.Exists(beside) ? beside : embedded;
    }
}
