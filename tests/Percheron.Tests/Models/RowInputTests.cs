using Percheron.Models;
using Xunit;

namespace Percheron.Tests.Models;

/// <summary>Rows that start from extra embeddings or hidden states, and hidden states as outputs.</summary>
public sealed class RowInputTests
{
    private static readonly FeatureSet AllStates = new(0, 1, 2, 3, 4);
    private static readonly TinyModel Tiny = TinyModel.Llama with { Layers = 3 };
    private static readonly int[] Prompt = ModelRunner.Tokens(6, Tiny.Vocab);

    [Theory]
    [InlineData("llama")]
    [InlineData("gpt2")]
    public void An_extra_embedding_equal_to_a_token_is_that_token(string architecture)
    {
        using TinyFile file = TinyModel.Of(architecture).Build();
        using Transformer model = file.Load();
        using ModelView view = model.View([0, 1]);
        float[] table = file.Gguf.ReadFloats(file.Gguf.Tensor("token_embd.weight"));
        model.SetExtraEmbeddings(table.AsSpan(5 * model.HiddenSize, 3 * model.HiddenSize));
        foreach (IModel either in new IModel[] { model, view })
        {
            using KvCache cache = either.NewCache(), other = either.NewCache();
            Rows rows = new();
            rows.Reset(cache);
            rows.AddExtra(1, rows.Add(4, -1, logits: false), logits: true);
            either.Forward([rows]);
            Assert.Equal(ModelRunner.Sequence(either, other, [4, 6])[1], rows.Logits(1).ToArray());
        }
    }

    [Fact]
    public void A_hidden_state_given_back_at_its_layer_gives_the_same_logits()
    {
        using TinyFile file = Tiny.Build();
        using Transformer model = file.Load(2);
        using KvCache cache = Prepared(model);
        Rows rows = new(), again = new();
        rows.Reset(cache, AllStates);
        rows.Add(7, -1, logits: true);
        model.Forward([rows]);
        cache.Commit([]);

        again.Reset(cache, AllStates);
        for (int layer = 3; layer >= 0; layer--) again.AddHidden(rows.Feature(0, layer), layer, -1, logits: true);
        again.Add(7, -1, logits: true);
        model.Forward([again]);
        for (int row = 0; row < 5; row++)
        {
            Assert.Equal(rows.Logits(0).ToArray(), again.Logits(row).ToArray());
            int start = Math.Max(again.StartLayers[row], 0);
            for (int state = 0; state <= 4; state++)
                Assert.Equal(state < start ? new float[model.HiddenSize] : rows.Feature(0, state).ToArray(), again.Feature(row, state).ToArray());
        }
    }

    [Fact]
    public void Rows_may_descend_from_a_row_that_starts_as_high_or_lower()
    {
        using TinyFile file = Tiny.Build();
        using Transformer model = file.Load();
        using KvCache cache = Prepared(model);
        float[] hidden = [.. Enumerable.Range(0, model.HiddenSize).Select(i => i % 7 - 3f)];
        Rows rows = new();
        rows.Reset(cache);
        int first = rows.AddHidden(hidden, 1, -1, logits: true), second = rows.AddHidden(hidden, 2, first, logits: true);
        model.Forward([rows]);
        float[] expected = rows.Logits(1).ToArray();

        cache.Commit([first]);
        Rows later = new();
        later.Reset(cache);
        later.AddHidden(hidden, 2, -1, logits: true);
        model.Forward([later]);
        Assert.Equal(expected, later.Logits(0).ToArray());
        cache.Commit([]);
        Refuses(model, cache, row => row.Add(3, -1, logits: true), "starts below layer 1");
        cache.Truncate(Prompt.Length);
        ModelRunner.Sequence(model, cache, [3]);

        Rows below = new();
        below.Reset(cache);
        below.Add(3, below.AddHidden(hidden, 1, -1, logits: false), logits: true);
        Assert.Contains("starts below", Assert.Throws<ArgumentException>(() => model.Forward([below])).Message);
        Assert.Equal(0, cache.ScratchCount);
        Assert.Equal(1, second);
    }

    [Fact]
    public void States_are_the_residual_stream_and_its_norm()
    {
        using TinyFile file = Tiny.Build();
        using Transformer model = file.Load(2);
        using ModelView lower = model.View([0, 1]);
        Rows rows = new(), view = new();
        using KvCache cache = model.NewCache(), other = lower.NewCache();
        rows.Reset(cache, new FeatureSet(0, 2, 4));
        view.Reset(other, new FeatureSet(2));
        for (int i = 0; i < Prompt.Length; i++)
        {
            rows.Add(Prompt[i], i - 1, logits: i % 2 == 0);
            view.Add(Prompt[i], i - 1, logits: false);
        }
        model.Forward([rows]);
        lower.Forward([view]);
        float[] table = file.Gguf.ReadFloats(file.Gguf.Tensor("token_embd.weight")), output = file.Gguf.ReadFloats(file.Gguf.Tensor("output.weight"));
        for (int i = 0; i < Prompt.Length; i++)
        {
            Assert.Equal(table.AsSpan(Prompt[i] * model.HiddenSize, model.HiddenSize).ToArray(), rows.Feature(i, 0).ToArray());
            // What leaves the second layer of the view enters the third of the model.
            Assert.Equal(view.Feature(i, 0).ToArray(), rows.Feature(i, 1).ToArray());
            if (!rows.WantsLogits(i)) continue;
            double logit = 0;
            for (int h = 0; h < model.HiddenSize; h++) logit += (double)rows.Feature(i, 2)[h] * output[11 * model.HiddenSize + h];
            Assert.Equal(logit, rows.Logits(i)[11], 1e-4);
        }
    }

    [Fact]
    public void Wanting_states_or_fewer_logits_changes_no_bit()
    {
        using TinyFile file = Tiny.Build();
        using Transformer model = file.Load(2);
        float[][] expected = ModelRunner.Sequence(model, Prompt, 1);
        using KvCache cache = model.NewCache(), second = model.NewCache();
        Rows rows = new(), silent = new();
        rows.Reset(cache, new FeatureSet(1, 3));
        silent.Reset(second);
        for (int i = 0; i < Prompt.Length; i++)
        {
            rows.Add(Prompt[i], i - 1, logits: i is 2 or 5);
            silent.Add(Prompt[i], i - 1, logits: false);
        }
        model.Forward([silent, rows]);
        Assert.Equal(expected[2], rows.Logits(2).ToArray());
        Assert.Equal(expected[5], rows.Logits(5).ToArray());
        second.Commit([.. Enumerable.Range(0, Prompt.Length)]);
        cache.Commit([.. Enumerable.Range(0, Prompt.Length)]);
        Assert.Equal(ModelRunner.Sequence(model, cache, [9])[0], ModelRunner.Sequence(model, second, [9])[0]);
    }

    [Fact]
    public void Nothing_asked_is_nothing_done()
    {
        using TinyFile file = Tiny.Build();
        using Transformer model = file.Load();
        using KvCache cache = Prepared(model);
        Rows rows = new();
        rows.Reset(cache);
        model.Forward([]);
        model.Forward([rows]);
        Assert.Equal(0, cache.ScratchCount);
        Assert.Equal(Prompt.Length, cache.Length);
    }

    [Fact]
    public void What_does_not_fit_is_refused_and_leaves_the_cache_alone()
    {
        using TinyFile file = Tiny.Build(), stranger = (Tiny with { Seed = 2 }).Build();
        using Transformer model = file.Load(), other = stranger.Load();
        using ModelView view = model.View([0, 2]);
        using KvCache cache = Prepared(model), foreign = other.NewCache(), narrow = view.NewCache();
        Refuses(model, cache, rows => rows.Add(Tiny.Vocab, -1, logits: true), "not in the vocabulary");
        Refuses(model, cache, rows => rows.Add(-2, -1, logits: true), "not in the vocabulary");
        Refuses(model, cache, rows => rows.AddExtra(0, -1, logits: true), "extra embedding 0");
        Refuses(model, cache, rows => rows.AddHidden(new float[4], 0, -1, logits: true), "4 floats");
        Refuses(model, cache, rows => rows.AddHidden(new float[model.HiddenSize], 4, -1, logits: true), "layer 4");
        Refuses(model, foreign, rows => rows.Add(1, -1, logits: true), "not of this model");
        Refuses(model, narrow, rows => rows.Add(1, -1, logits: true), "other layers");
        Refuses(view, cache, rows => rows.Add(1, -1, logits: true), "NewOverlay");
        Rows wanting = new();
        wanting.Reset(cache, new FeatureSet(5));
        wanting.Add(1, -1, logits: false);
        Assert.Contains("hidden state 5", Assert.Throws<ArgumentException>(() => model.Forward([wanting])).Message);
        Rows twice = new(), once = new();
        twice.Reset(cache);
        once.Reset(cache);
        Assert.Contains("two items", Assert.Throws<ArgumentException>(() => model.Forward([twice, once])).Message);
    }

    private static KvCache Prepared(Transformer model)
    {
        KvCache cache = model.NewCache();
        ModelRunner.Sequence(model, cache, Prompt);
        return cache;
    }

    private static void Refuses(IModel model, KvCache cache, Action<Rows> add, string reason)
    {
        Rows rows = new();
        rows.Reset(cache);
        add(rows);
        Assert.Contains(reason, Assert.Throws<ArgumentException>(() => model.Forward([rows])).Message);
        Assert.Equal(0, cache.ScratchCount);
    }
}
