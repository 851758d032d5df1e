using Percheron.Formats;
using Percheron.Models;
using Xunit;

namespace Percheron.Tests.Models;

/// <summary>Rows that a view of the first layers has begun give the bits of rows that run all layers.</summary>
public sealed class StartedRowsTests
{
    private static readonly int[] Prompt = ModelRunner.Tokens(9, TinyModel.Llama.Vocab);

    // Root chain of two, then a tree: parents count from the root chain on.
    private static readonly (int Token, int Parent)[] Nodes = [(3, -1), (4, 0), (5, 1), (6, 1), (7, 2), (8, 3), (9, 4)];

    [Theory]
    [InlineData("llama", 1, CacheType.F32, TensorType.F32)]
    [InlineData("gpt2", 2, CacheType.F16, TensorType.F32)]
    [InlineData("qwen3", 2, CacheType.F16, TensorType.Q8_0)]
    public void The_model_goes_on_with_the_same_bits(string architecture, int threads, CacheType type, TensorType weights)
    {
        using TinyFile file = (TinyModel.Of(architecture) with { Layers = 4, Type = weights }).Build();
        using Transformer model = file.Load(threads, type);
        using ModelView view = model.View([0, 1]);
        using KvCache cache = model.NewCache(), other = model.NewCache(), overlay = cache.NewOverlay();
        foreach (KvCache each in new[] { cache, other }) ModelRunner.Sequence(model, each, Prompt, 4);
        // What others have begun leaves no trace.
        StartedRows started = new(overlay, 2);
        Rows rows = new();
        for (int round = 0; round < 2; round++)
        {
            overlay.Commit([]);
            started.Clear();
            for (int from = 0, to = 2; from < 6; (from, to) = (to, to + 2))
            {
                rows.Reset(overlay, started.Features);
                for (int i = from; i < to; i++) rows.Add(Nodes[i].Token + round, Nodes[i].Parent, logits: i > 0);
                view.Forward([rows]);
                started.Keep(rows);
            }
            Compare(model, cache, other, started, round);
        }
    }

    [Fact]
    public void Rows_of_another_overlay_are_refused()
    {
        using TinyFile file = (TinyModel.Llama with { Layers = 3 }).Build();
        using Transformer model = file.Load();
        using ModelView view = model.View([0]);
        using KvCache cache = model.NewCache(), other = model.NewCache(), overlay = other.NewOverlay(), sparse = cache.NewOverlay(new SparseReading(1, 4, 0));
        ModelRunner.Sequence(model, cache, Prompt);
        ModelRunner.Sequence(model, other, Prompt);
        foreach (KvCache wrong in new[] { overlay, sparse })
        {
            StartedRows started = new(wrong, 1);
            Rows rows = new();
            rows.Reset(wrong, started.Features);
            rows.Add(1, -1, logits: true);
            view.Forward([rows]);
            started.Keep(rows);
            Rows again = new();
            again.Reset(cache, started: started);
            again.AddStarted(1, 0, -1, logits: true);
            Assert.Contains("overlay", Assert.Throws<ArgumentException>(() => model.Forward([again])).Message);
        }
        Rows none = new();
        none.Reset(cache);
        Assert.Throws<InvalidOperationException>(() => none.AddStarted(1, 0, -1, logits: true));
    }

    private static void Compare(Transformer model, KvCache cache, KvCache other, StartedRows started, int round)
    {
        FeatureSet states = new(2, 3, 5);
        Rows whole = new(), resumed = new();
        whole.Reset(other, states);
        resumed.Reset(cache, states, started);
        for (int i = 0; i < Nodes.Length; i++)
        {
            whole.Add(Nodes[i].Token + round, Nodes[i].Parent, logits: true);
            // The last row was not begun: it runs all layers, under a parent that does not.
            if (i < 6) resumed.AddStarted(Nodes[i].Token + round, i, Nodes[i].Parent, logits: true);
            else resumed.Add(Nodes[i].Token + round, Nodes[i].Parent, logits: true);
        }
        model.Forward([whole]);
        model.Forward([resumed]);
        for (int i = 0; i < Nodes.Length; i++)
        {
            Assert.Equal(whole.Logits(i).ToArray(), resumed.Logits(i).ToArray());
            for (int state = 0; state < states.Count; state++) Assert.Equal(whole.Feature(i, state).ToArray(), resumed.Feature(i, state).ToArray());
        }
        // What is committed is read by later rows in every layer.
        foreach (KvCache each in new[] { cache, other }) each.Commit([0, 1, 3, 5]);
        Assert.Equal(ModelRunner.Sequence(model, other, [11, 12])[1], ModelRunner.Sequence(model, cache, [11, 12])[1]);
    }
}
