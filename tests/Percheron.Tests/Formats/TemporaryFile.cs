using Percheron.Formats;

namespace Percheron.Tests.Formats;

/// <summary>A file of one test, deleted with it.</summary>
internal sealed class TemporaryFile : IDisposable
{
    public TemporaryFile(GgufWriter writer) => writer.Write(Path);

    public TemporaryFile(ReadOnlySpan<byte> content) => File.WriteAllBytes(Path, content);

    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), "percheron-" + System.IO.Path.GetRandomFileName());

    public void Dispose() => File.Delete(Path);
}
