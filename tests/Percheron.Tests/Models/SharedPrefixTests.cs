using Percheron.Models;
using Xunit;

namespace Percheron.Tests.Models;

public sealed class SharedPrefixTests : IDisposable
{
    private static readonly TinyModel Tiny = TinyModel.Llama with { Hidden = 64, HeadSize = 16, FeedForward = 64, Context = 1200 };
    private static readonly int[] Text = ModelRunner.Tokens(1100, Tiny.Vocab);

    private readonly TinyFile _file = Tiny.Build();

    [Theory]
    [InlineData(CacheType.F16, 1)]
    [InlineData(CacheType.F32, 3)]
    public void Caches_with_a_common_beginning_answer_as_one_that_has_it_alone(CacheType type, int threads)
    {
        using Transformer model = _file.Load(threads, type);
        using KvCache alone = Read(model, 1100), second = model.NewCache(), third = model.NewCache(), fourth = model.NewCache(), fifth = model.NewCache();
        KvCache first = Read(model, 1100);
        long whole = first.Bytes;
        float[][] expected = Tree(model, alone);
        second.CopyFrom(first, 1100);
        // Of 1,100 rows 1,024 are whole chunks of attention.
        Assert.True(first.Bytes + second.Bytes < 1.2 * whole, $"{first.Bytes} + {second.Bytes} of {whole}");
        third.CopyFrom(second, 1100);
        fourth.CopyFrom(third, 1050);
        fifth.CopyFrom(third, 700);
        ModelRunner.Sequence(model, fourth, Text.AsSpan(1050, 50));
        ModelRunner.Sequence(model, fifth, Text.AsSpan(700), 256);
        Assert.Equal(expected, Tree(model, first));
        first.Dispose();
        foreach (KvCache cache in new[] { second, third, fourth, fifth }) Assert.Equal(expected, Tree(model, cache));
        // They go their own ways.
        int[] tail = [7, 8, 9];
        float[][] goesOn = ModelRunner.Sequence(model, alone, tail);
        ModelRunner.Sequence(model, third, [1, 2, 3, 4]);
        Assert.Equal(goesOn, ModelRunner.Sequence(model, second, tail));
    }

    [Fact]
    public void All_of_them_are_evaluated_in_one_batch()
    {
        using Transformer model = _file.Load(2, CacheType.F16);
        using KvCache alone = Read(model, 1030), first = Read(model, 1030), second = model.NewCache();
        second.CopyFrom(first, 1030);
        float[][] expected = Tree(model, alone);
        Rows one = new(), two = new();
        Fill(one, first);
        Fill(two, second);
        model.Forward([one, two]);
        Assert.Equal(expected, Answers(one));
        Assert.Equal(expected, Answers(two));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(300)]
    [InlineData(512)]
    [InlineData(1024)]
    public void What_is_dropped_from_one_stays_in_the_other(int length)
    {
        using Transformer model = _file.Load(2, CacheType.F16);
        using KvCache alone = Read(model, 1100), first = Read(model, 1100), second = model.NewCache();
        second.CopyFrom(first, 1100);
        second.Truncate(length);
        alone.Truncate(length);
        int[] other = ModelRunner.Tokens(600, Tiny.Vocab, seed: 9)[..Math.Min(600, 1150 - length)];
        Assert.Equal(ModelRunner.Sequence(model, alone, other, 200), ModelRunner.Sequence(model, second, other, 200));
        using KvCache untouched = Read(model, 1100);
        Assert.Equal(Tree(model, untouched), Tree(model, first));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0)]
    [InlineData(3)]
    public void Overlays_read_shared_rows_too(int? chunks)
    {
        using Transformer model = _file.Load(1, CacheType.F16);
        using KvCache alone = Read(model, 1100), first = Read(model, 1100), second = model.NewCache();
        second.CopyFrom(first, 1100);
        using KvCache expected = Over(alone, chunks), overlay = Over(second, chunks);
        // The second draft gathers by the queries of the first.
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal(Tree(model, expected), Tree(model, overlay));
            ModelRunner.Sequence(model, alone, Text.AsSpan(0, 40));
            ModelRunner.Sequence(model, second, Text.AsSpan(0, 40));
        }
    }

    public void Dispose() => _file.Dispose();

    private static KvCache Over(KvCache cache, int? chunks) => chunks is { } pieces ? cache.NewOverlay(new SparseReading(40, 32, pieces)) : cache.NewOverlay();

    private static KvCache Read(Transformer model, int length)
    {
        KvCache cache = model.NewCache();
        ModelRunner.Sequence(model, cache, Text.AsSpan(0, length), 256);
        return cache;
    }

    private static float[][] Tree(Transformer model, KvCache cache)
    {
        Rows rows = new();
        Fill(rows, cache);
        model.Forward([rows]);
        float[][] answers = Answers(rows);
        cache.Commit([]);
        return answers;
    }

    private static void Fill(Rows rows, KvCache cache)
    {
        rows.Reset(cache);
        foreach ((int token, int parent) in new[] { (5, -1), (6, 0), (7, 0), (8, 2), (9, 1), (3, 3) }) rows.Add(token, parent, logits: true);
    }

    private static float[][] Answers(Rows rows) => [.. Enumerable.Range(0, rows.Count).Select(row => rows.Logits(row).ToArray())];
}
