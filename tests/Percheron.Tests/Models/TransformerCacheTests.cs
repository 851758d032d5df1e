using Percheron.Models;
using Xunit;

namespace Percheron.Tests.Models;

public sealed class TransformerCacheTests
{
    private static readonly TinyModel Tiny = TinyModel.Llama with { Hidden = 64, HeadSize = 16, FeedForward = 64, Context = 100 };

    [Fact]
    public void It_grows_with_its_rows_and_half_precision_takes_half()
    {
        using TinyFile file = Tiny.Build();
        using Transformer single = file.Load(cache: CacheType.F32), half = file.Load(cache: CacheType.F16);
        using KvCache wide = single.NewCache(), narrow = half.NewCache();
        Assert.Equal(0, wide.Bytes);
        int[] tokens = ModelRunner.Tokens(40, Tiny.Vocab);
        ModelRunner.Sequence(single, wide, tokens.AsSpan(0, 10));
        ModelRunner.Sequence(half, narrow, tokens.AsSpan(0, 10));
        Assert.Equal(2 * narrow.Bytes, wide.Bytes);
        long small = wide.Bytes;
        Assert.Equal(ModelRunner.Sequence(single, tokens)[10..], ModelRunner.Sequence(single, wide, tokens.AsSpan(10)));
        Assert.Equal(2 * small, wide.Bytes);
        wide.Dispose();
        Assert.Equal(0, wide.Bytes);
    }

    [Theory]
    [InlineData(CacheType.F16)]
    [InlineData(CacheType.F32)]
    public void Rows_that_were_taken_over_give_the_same_bits(CacheType type)
    {
        using TinyFile file = Tiny.Build();
        using Transformer model = file.Load(cache: type);
        using KvCache first = model.NewCache(), second = model.NewCache(), overlay = first.NewOverlay();
        int[] tokens = ModelRunner.Tokens(60, Tiny.Vocab);
        ModelRunner.Sequence(model, first, tokens.AsSpan(0, 50));
        second.CopyFrom(first, 37);
        Assert.Equal(37, second.Length);
        Assert.Equal(ModelRunner.Sequence(model, tokens)[37..], ModelRunner.Sequence(model, second, tokens.AsSpan(37)));
        Assert.Equal(50, first.Length);
        Assert.Equal(ModelRunner.Sequence(model, tokens)[50..], ModelRunner.Sequence(model, first, tokens.AsSpan(50)));
        Assert.Throws<ArgumentException>(() => overlay.CopyFrom(second, 1));
        using Transformer other = file.Load(cache: type);
        using KvCache foreign = other.NewCache();
        Assert.Throws<ArgumentException>(() => foreign.CopyFrom(first, 1));
    }

    [Fact]
    public void Auto_precision_follows_the_matrices()
    {
        using TinyFile single = Tiny.Build(), half = (Tiny with { Type = Percheron.Formats.TensorType.F16 }).Build();
        using Transformer wide = single.Load(cache: CacheType.Auto), narrow = half.Load(cache: CacheType.Auto);
        Assert.Equal(CacheType.F32, wide.CacheType);
        Assert.Equal(CacheType.F16, narrow.CacheType);
    }

    [Theory]
    [InlineData(CacheType.F16)]
    [InlineData(CacheType.F32)]
    public void What_is_not_a_number_reaches_every_row_that_attends_to_it(CacheType type)
    {
        using TinyFile file = Tiny.Build();
        using Transformer model = file.Load(cache: type);
        float[] broken = new float[model.HiddenSize];
        Array.Fill(broken, float.NaN);
        model.SetExtraEmbeddings(broken);
        using KvCache cache = model.NewCache(), other = model.NewCache(), overlay = cache.NewOverlay();
        var rows = new Rows();
        rows.Reset(cache);
        rows.AddExtra(0, -1, logits: false);
        model.Forward([rows]);
        cache.Commit([0]);
        foreach (KvCache broke in new[] { cache, overlay })
        {
            rows.Reset(broke);
            rows.Add(3, -1, logits: true);
            model.Forward([rows]);
            Assert.True(float.IsNaN(rows.Logits(0)[0]));
        }
        Assert.All(ModelRunner.Sequence(model, other, [3])[0], logit => Assert.True(float.IsFinite(logit)));
    }

    [Fact]
    public void The_context_is_the_limit_and_refusal_costs_nothing()
    {
        using TinyFile file = Tiny.Build();
        using Transformer model = file.Load(context: 20);
        Assert.Equal(20, model.ContextLength);
        using KvCache cache = model.NewCache();
        int[] tokens = ModelRunner.Tokens(21, Tiny.Vocab);
        ModelRunner.Sequence(model, cache, tokens.AsSpan(0, 18));
        Rows rows = new();
        rows.Reset(cache);
        for (int i = 0; i < 3; i++) rows.Add(1, -1, logits: false);
        Assert.Equal(21, Assert.Throws<ContextOverflowException>(() => model.Forward([rows])).Rows);
        Assert.Equal(0, cache.ScratchCount);
        using KvCache overlay = cache.NewOverlay();
        rows.Reset(overlay);
        for (int i = 0; i < 3; i++) rows.Add(1, -1, logits: false);
        Assert.Throws<ContextOverflowException>(() => model.Forward([rows]));
        ModelRunner.Sequence(model, cache, tokens.AsSpan(18, 2));
        Assert.Equal(20, cache.Length);
        using Transformer beyond = file.Load(context: 5000);
        Assert.Equal(Tiny.Context, beyond.ContextLength);
    }

    [Fact]
    public void An_overlay_reads_what_is_committed_now_and_changes_nothing()
    {
        using TinyFile file = (Tiny with { Layers = 4 }).Build();
        using Transformer model = file.Load(2);
        using ModelView view = model.View([0, 3]);
        int[] tokens = ModelRunner.Tokens(12, Tiny.Vocab);
        using KvCache cache = model.NewCache(), overlay = cache.NewOverlay(), second = overlay.NewOverlay();
        ModelRunner.Sequence(model, cache, tokens.AsSpan(0, 5));
        Assert.Equal(5, overlay.Length);
        Rows rows = new(), beside = new();
        foreach (int length in new[] { 5, 8 })
        {
            rows.Reset(overlay);
            beside.Reset(second);
            rows.Add(tokens[length], -1, logits: true);
            rows.Add(tokens[length + 1], 0, logits: true);
            rows.Add(1, 0, logits: true);
            beside.Add(tokens[length], -1, logits: true);
            view.Forward([rows, beside]);
            Assert.Equal(rows.Logits(0).ToArray(), beside.Logits(0).ToArray());
            rows.Reset(overlay);
            rows.Add(tokens[length + 2], 1, logits: true);
            view.Forward([rows]);
            Assert.Equal(length + 2, overlay.Position(3));
            float[] deeper = rows.Logits(0).ToArray();

            Assert.Throws<InvalidOperationException>(() => overlay.Commit([0]));
            overlay.Clear();
            Assert.Equal(length, overlay.Length);
            rows.Reset(overlay);
            for (int i = 0; i < 3; i++) rows.Add(tokens[length + i], i - 1, logits: true);
            view.Forward([rows]);
            Assert.Equal(deeper, rows.Logits(2).ToArray());
            overlay.Commit([]);
            second.Commit([]);
            Assert.Equal(length, cache.Length);
            Assert.Equal(ModelRunner.Sequence(model, tokens)[length..(length + 3)], ModelRunner.Sequence(model, cache, tokens.AsSpan(length, 3)));
        }
    }

    [Fact]
    public void A_view_of_fewer_layers_is_the_model_without_the_others()
    {
        TinyModel three = Tiny with { Layers = 3 };
        using TinyFile file = three.Build();
        using Transformer model = file.Load();
        using ModelView view = model.View([0]);
        int[] tokens = ModelRunner.Tokens(8, Tiny.Vocab);
        double[][] expected = new ReferenceTransformer(file.Gguf, three with { Layers = 1 }) { AdjacentPairs = true, Frequencies = ArchitectureTests.Plain(three) }.Logits(tokens);
        float[][] actual = ModelRunner.Sequence(view, tokens, 3);
        for (int t = 0; t < tokens.Length; t++)
            for (int i = 0; i < Tiny.Vocab; i++) Assert.Equal(expected[t][i], actual[t][i], 1e-4);
        Assert.True(view.WeightBytes < model.WeightBytes);
        Assert.Throws<ArgumentException>(() => model.View([]));
        Assert.Throws<ArgumentException>(() => model.View([1, 1]));
        Assert.Throws<ArgumentException>(() => model.View([3]));
    }
}
