using Percheron.Formats;
using Percheron.Models;

namespace Percheron.Tests.Models;

/// <summary>A temporary GGUF file, open; closed and deleted when disposed of.</summary>
internal sealed class TinyFile : IDisposable
{
    private TinyFile(string path) => (Path, Gguf) = (path, GgufFile.Open(path));

    public string Path { get; }

    public GgufFile Gguf { get; }

    public static TinyFile Write(GgufWriter writer)
    {
        string path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"percheron-{Guid.NewGuid():N}.gguf");
        writer.Write(path);
        return new TinyFile(path);
    }

    /// <summary>The model in the file; F32 cache and one thread unless said otherwise.</summary>
    public Transformer Load(int threads = 1, CacheType cache = CacheType.F32, int context = 0) =>
        Transformer.Load(Gguf, new ModelOptions { Threads = threads, CacheType = cache, ContextLength = context });

    public void Dispose()
    {
        Gguf.Dispose();
        File.Delete(Path);
    }
}
