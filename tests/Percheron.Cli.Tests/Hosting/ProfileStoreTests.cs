using Percheron.Cli.Hosting;
using Percheron.Cli.Tests.Support;
using Percheron.Formats;
using Percheron.Models;
using Percheron.Planning;
using Xunit;

namespace Percheron.Cli.Tests.Hosting;

public sealed class ProfileStoreTests : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"percheron-{Guid.NewGuid():N}");
    private readonly TinyModel _tiny = new();
    private readonly MachineProfile _profile = new(1, 128, [new RowCost(1, 2.5), new RowCost(4, 3)], 5e10, 1000);

    [Fact]
    public void What_was_kept_is_found_again_for_the_same_model_and_threads_only()
    {
        ProfileStore store = Store(_folder);
        using GgufFile file = GgufFile.Open(_tiny.Path);
        using Transformer one = Transformer.Load(file, new ModelOptions { Threads = 1 }), two = Transformer.Load(file, new ModelOptions { Threads = 2 });
        string path = store.Save(file, one, _profile)!;
        Assert.StartsWith(_folder, path, StringComparison.Ordinal);
        Assert.Equal(_profile.Rows.ToArray(), store.Load(file, one)!.Rows.ToArray());
        Assert.Equal(_profile.ReadBandwidth, store.Load(file, one)!.ReadBandwidth);
        Assert.Null(store.Load(file, two));
    }

    [Theory]
    [InlineData("")]
    [InlineData("not json")]
    [InlineData("{}")]
    [InlineData("""{ "threads": 1, "rows": [] }""")]
    [InlineData("""{ "threads": 1, "rows": [{ "n": 1, "ms": -1 }] }""")]
    public void A_damaged_file_is_as_good_as_none(string content)
    {
        ProfileStore store = Store(_folder);
        using GgufFile file = GgufFile.Open(_tiny.Path);
        using Transformer model = Transformer.Load(file, new ModelOptions { Threads = 1 });
        File.WriteAllText(store.Save(file, model, _profile)!, content);
        Assert.Null(store.Load(file, model));
    }

    [Fact]
    public void Without_a_home_nothing_is_kept()
    {
        using GgufFile file = GgufFile.Open(_tiny.Path);
        using Transformer model = Transformer.Load(file, new ModelOptions { Threads = 1 });
        Assert.Null(Store(null).Save(file, model, _profile));
    }

    public void Dispose()
    {
        _tiny.Dispose();
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    private static ProfileStore Store(string? cache) => new(new Terminal(TextWriter.Null, TextWriter.Null) { Environment = name => name == "XDG_CACHE_HOME" ? cache : null });
}
