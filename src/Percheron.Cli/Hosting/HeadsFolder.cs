namespace Percheron.Cli.Hosting;

/// <summary>A folder with what was trained for one target: heads, learned inputs, a judge. Drafters find their file by the name of what they read.</summary>
/// <param name="path">The folder.</param>
/// <param name="family">What may stand before the kind in the names of its files, as it does in those of the embedded targets.</param>
internal sealed class HeadsFolder(string path, string family = EmbeddedModels.Text)
{
    /// <summary>The file of a kind, <c>KIND.gguf</c> before <c>FAMILY-KIND.gguf</c>; null if there is none.</summary>
    /// <param name="kind">What drafters call it, such as <c>eagle3</c>.</param>
    public string? Find(string kind) => Find(kind, ".gguf");

    /// <summary>The card of a kind, <c>KIND.card.json</c>, found like its file.</summary>
    public string? Card(string kind) => Find(kind, ".card.json");

    private string? Find(string kind, string ending) =>
        new[] { kind, family + kind }.Select(name => Path.Combine(path, name + ending)).FirstOrDefault(File.Exists);
}
