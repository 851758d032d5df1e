using Percheron.Decoding;
using Percheron.Formats;

namespace Percheron.Cli.Tests.Support;

/// <summary>An index of a few lines, for the drafters that copy from a corpus: no host has one that is not named.</summary>
internal sealed class TinyCorpus : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"percheron-corpus-{Guid.NewGuid():N}.index");

    /// <param name="model">Whose vocabulary it is in; null is the embedded model's.</param>
    /// <param name="models">Where the embedded models are.</param>
    public TinyCorpus(string? model, string? models = null)
    {
        string text = Path.ChangeExtension(_path, ".txt");
        File.WriteAllText(text, "abc the abc the\nthe the abcing the\n/// <summary>Opens a text file, reads all lines of the file, and then closes the file.</summary>\n");
        Run run = Run.Of(["index", text, _path, .. model is null ? Array.Empty<string>() : ["-m", model]], models);
        File.Delete(text);
        if (run.Code != 0) throw new InvalidOperationException(run.Error);
    }

    /// <summary>The spec with this corpus as its file where its drafter needs one, otherwise as it is.</summary>
    public string Give(string spec)
    {
        Spec parsed = Spec.Parse(spec);
        CatalogEntry entry = new Catalog().Drafters.Single(d => d.Name == parsed.Name);
        bool needed = entry.Type.GetConstructors()[0].GetParameters().Any(p => p.ParameterType == typeof(CorpusIndex)) && !parsed.Arguments.Any(a => a.Value.IsFile);
        return needed ? (parsed with { Arguments = [(null, new Spec(_path, [], IsFile: true)), .. parsed.Arguments] }).ToString() : spec;
    }

    public void Dispose() => File.Delete(_path);
}
