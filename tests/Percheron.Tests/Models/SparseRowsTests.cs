using Percheron.Models;
using Xunit;

namespace Percheron.Tests.Models;

public class SparseRowsTests
{
    private const int Length = 150;

    private static readonly TinyModel Tiny = TinyModel.Llama with { Layers = 2 };

    private static readonly int[] Tokens = ModelRunner.Tokens(Length + 40, Tiny.Vocab);

    [Theory]
    [InlineData(CacheType.F32)]
    [InlineData(CacheType.F16)]
    public void A_window_over_everything_gives_the_bits_of_the_whole(CacheType type)
    {
        using TinyFile file = Tiny.Build();
        using Transformer model = file.Load(2, type);
        using KvCache cache = model.NewCache(), whole = cache.NewOverlay(), sparse = cache.NewOverlay(new SparseReading(4, 200));
        ModelRunner.Sequence(model, cache, Tokens.AsSpan(0, Length));
        Assert.Equal(Draft(model, whole), Draft(model, sparse));
    }

    [Theory]
    [InlineData(CacheType.F32)]
    [InlineData(CacheType.F16)]
    public void Pieces_that_cover_everything_give_the_whole_in_another_order(CacheType type)
    {
        using TinyFile file = Tiny.Build();
        using Transformer model = file.Load(1, type);
        using KvCache cache = model.NewCache(), whole = cache.NewOverlay(), sparse = cache.NewOverlay(new SparseReading(16, 16, Chunks: 100));
        ModelRunner.Sequence(model, cache, Tokens.AsSpan(0, Length));
        // The first draft knows no query; the second gathers by the queries of the first once the window has moved on.
        for (int round = 0; round < 2; round++)
        {
            float[][] expected = Draft(model, whole), actual = Draft(model, sparse);
            for (int row = 0; row < expected.Length; row++)
                for (int i = 0; i < Tiny.Vocab; i++) Assert.Equal(expected[row][i], actual[row][i], 1e-3);
            ModelRunner.Sequence(model, cache, Tokens.AsSpan(cache.Length, 20));
        }
    }

    [Fact]
    public void Rows_added_one_after_the_other_are_those_of_a_new_overlay()
    {
        using TinyFile file = Tiny.Build();
        using Transformer model = file.Load();
        SparseReading reading = new(4, 24);
        using KvCache cache = model.NewCache(), old = cache.NewOverlay(reading);
        ModelRunner.Sequence(model, cache, Tokens.AsSpan(0, 60));
        bool left = false;
        for (int at = 60; at < 140; at += 3)
        {
            using KvCache fresh = cache.NewOverlay(reading), whole = cache.NewOverlay();
            float[][] expected = Draft(model, fresh);
            Assert.Equal(expected, Draft(model, old));
            left |= !expected[0].SequenceEqual(Draft(model, whole)[0]);
            ModelRunner.Sequence(model, cache, Tokens.AsSpan(at, 3));
        }
        Assert.True(left, "nothing was ever left out");
    }

    [Fact]
    public void Rows_that_are_taken_back_are_gathered_anew()
    {
        using TinyFile file = Tiny.Build();
        using Transformer model = file.Load();
        SparseReading reading = new(4, 24);
        using KvCache cache = model.NewCache(), old = cache.NewOverlay(reading);
        ModelRunner.Sequence(model, cache, Tokens.AsSpan(0, 100));
        Draft(model, old);
        cache.Truncate(80);
        ModelRunner.Sequence(model, cache, Tokens.AsSpan(5, 20));
        using KvCache fresh = cache.NewOverlay(reading);
        Assert.Equal(Draft(model, fresh), Draft(model, old));
    }

    [Fact]
    public void The_pieces_the_query_likes_best_are_read()
    {
        using TinyFile file = (Tiny with { Layers = 1 }).Build();
        using Transformer model = file.Load();
        using KvCache cache = model.NewCache(), whole = cache.NewOverlay(), latest = cache.NewOverlay(new SparseReading(4, 16)), chosen = cache.NewOverlay(new SparseReading(4, 16, Chunks: 5));
        ModelRunner.Sequence(model, cache, Tokens.AsSpan(0, Length));
        double Error(KvCache sparse) => Draft(model, sparse).Zip(Draft(model, whole)).Sum(pair => pair.First.Zip(pair.Second).Sum(x => Math.Abs(x.First - x.Second)));
        Error(chosen);
        // Now it has seen a query, and the window moves.
        ModelRunner.Sequence(model, cache, Tokens.AsSpan(Length, 16));
        Assert.True(Error(chosen) < Error(latest), "what the query likes says no more than the latest rows alone");
    }

    [Theory]
    [InlineData(4, 10, 0, 0)]
    [InlineData(4, 10, 3, 3)]
    [InlineData(4, 10, 19, 4)]
    [InlineData(4, 10, 30, 20)]
    [InlineData(4, 10, 39, 20)]
    [InlineData(4, 10, 40, 30)]
    [InlineData(50, 10, 40, 40)]
    public void The_window_has_between_one_and_two_of_itself(int sinks, int window, int length, int first) => Assert.Equal(first, new SparseReading(sinks, window).FirstRecent(length));

    [Fact]
    public void Senseless_readings_are_refused()
    {
        using TinyFile file = Tiny.Build();
        using Transformer model = file.Load();
        using KvCache cache = model.NewCache();
        Assert.Throws<ArgumentOutOfRangeException>(() => cache.NewOverlay(new SparseReading(4, 0)));
        Assert.Throws<ArgumentOutOfRangeException>(() => cache.NewOverlay(new SparseReading(-1, 8)));
        Assert.Throws<ArgumentOutOfRangeException>(() => cache.NewOverlay(new SparseReading(4, 8, -1)));
    }

    // A chain of two and a sibling, in two forwards, then dropped.
    private static float[][] Draft(IModel model, KvCache overlay)
    {
        Rows rows = new();
        rows.Reset(overlay);
        rows.Add(5, -1, logits: true);
        rows.Add(6, 0, logits: true);
        model.Forward([rows]);
        float[][] first = [rows.Logits(0).ToArray(), rows.Logits(1).ToArray()];
        rows.Reset(overlay);
        rows.Add(7, 0, logits: true);
        model.Forward([rows]);
        float[] second = rows.Logits(0).ToArray();
        overlay.Commit([]);
        return [.. first, second];
    }
}
