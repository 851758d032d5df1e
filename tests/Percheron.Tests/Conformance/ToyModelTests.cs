using Percheron.Models;
using Percheron.Testing;
using Xunit;

namespace Percheron.Tests.Conformance;

public class ToyModelTests
{
    private static readonly ToyModel Toy = new(vocab: 12, order: 3, seed: 7);

    [Fact]
    public void A_row_answers_for_its_path_however_it_was_evaluated()
    {
        float[] expected = Direct(Toy, 4, 9, 1, 2);
        using KvCache chain = Toy.NewCache();
        Assert.Equal(expected, Forward(Toy, chain, [4, 9, 1, 2], [-1, 0, 1, 2], 3));

        using KvCache steps = Toy.NewCache();
        Forward(Toy, steps, [4, 9], [-1, 0], 1);
        steps.Commit([0, 1]);
        // A tree: 3 and 1 under the tail, 5 under 3, 2 under 1.
        Assert.Equal(expected, Forward(Toy, steps, [3, 1, 5, 2], [-1, -1, 0, 1], 3));
        steps.Commit([1, 3]);
        Assert.Equal(4, steps.Length);
        Assert.Equal(Direct(Toy, 4, 9, 1, 2, 6), Forward(Toy, steps, [6], [-1], 0));

        steps.Truncate(3);
        Assert.Equal(expected, Forward(Toy, steps, [2], [-1], 0));
    }

    [Fact]
    public void An_overlay_reads_the_committed_rows_below_and_keeps_its_own()
    {
        IModel view = Toy.View([0, 1, 2, 3]);
        using KvCache cache = Toy.NewCache();
        Forward(Toy, cache, [4, 9], [-1, 0], 1);
        cache.Commit([0, 1]);
        using KvCache overlay = cache.NewOverlay();
        Assert.Equal(Direct(Toy, 4, 9, 1), Forward(view, overlay, [1], [-1], 0));
        Assert.Equal((2, 0), (cache.Length, cache.ScratchCount));
        Assert.Throws<InvalidOperationException>(() => overlay.Commit([0]));
        overlay.Commit([]);
        Forward(Toy, cache, [5], [-1], 0);
        cache.Commit([0]);
        Assert.Equal(3, overlay.Length);
        Assert.Equal(Direct(Toy, 4, 9, 5, 1), Forward(view, overlay, [1], [-1], 0));
    }

    [Fact]
    public void A_view_with_fewer_layers_differs_and_with_all_does_not()
    {
        using KvCache cache = Toy.NewCache();
        float[] whole = Forward(Toy.View([0, 1, 2, 3]), cache, [1, 2], [-1, 0], 1);
        Assert.Equal(Direct(Toy, 1, 2), whole);
        cache.Clear();
        float[] three = Forward(Toy.View([0, 1, 3]), cache, [1, 2], [-1, 0], 1);
        cache.Clear();
        float[] two = Forward(Toy.View([0, 3]), cache, [1, 2], [-1, 0], 1);
        Assert.True(Distance(three, whole) > 0 && Distance(two, whole) > 0 && Distance(two, three) > 0);
        Assert.Throws<ArgumentException>(() => Toy.View([1, 0]));
    }

    [Fact]
    public void A_row_that_starts_from_a_hidden_state_answers_as_the_row_it_was_taken_from()
    {
        using KvCache cache = Toy.NewCache();
        var rows = new Rows();
        rows.Reset(cache, new FeatureSet(2, 5));
        for (int i = 0; i < 3; i++) rows.Add(3 + i, i - 1, logits: i == 2);
        Toy.Forward([rows]);
        Assert.Equal([6, 5, 4, 2], rows.Feature(2, 0).ToArray());
        Assert.Equal(5, rows.Feature(2, 1)[3]);
        float[] hidden = rows.Feature(2, 0).ToArray(), expected = rows.Logits(2).ToArray();
        rows.Reset(cache);
        int row = rows.AddHidden(hidden, 2, 1, logits: true);
        int child = rows.AddHidden(hidden, 2, row, logits: false);
        Toy.Forward([rows]);
        Assert.Equal(expected, rows.Logits(0).ToArray());
        Assert.Equal(4, child);
    }

    [Fact]
    public void An_extra_embedding_is_an_input_of_its_own()
    {
        using KvCache cache = Toy.NewCache();
        var rows = new Rows();
        rows.Reset(cache);
        rows.Add(1, -1, logits: false);
        rows.AddExtra(0, 0, logits: true);
        rows.AddExtra(1, 0, logits: true);
        rows.Add(0, 0, logits: true);
        Toy.Forward([rows]);
        Assert.True(Distance(rows.Logits(1), rows.Logits(2)) > 0 && Distance(rows.Logits(1), rows.Logits(3)) > 0);
        Assert.Throws<InvalidOperationException>(() => rows.Logits(0));
    }

    [Fact]
    public void Noise_makes_a_draft_that_is_mostly_right()
    {
        var draft = new ToyModel(12, 3, 7) { Noise = 1.5f };
        int agree = 0;
        for (int i = 0; i < 1000; i++)
        {
            float[] a = Direct(Toy, i % 12, i / 12 % 12, i / 144), b = Direct(draft, i % 12, i / 12 % 12, i / 144);
            if (Array.IndexOf(a, a.Max()) == Array.IndexOf(b, b.Max())) agree++;
        }
        Assert.InRange(agree, 500, 900);
    }

    [Fact]
    public void What_a_model_must_refuse_is_refused()
    {
        using KvCache cache = Toy.NewCache(), other = new ToyModel(12).NewCache();
        Assert.Throws<ArgumentException>(() => Forward(Toy, other, [1], [-1], 0));
        Assert.Throws<ArgumentException>(() => Forward(Toy, cache, [12], [-1], 0));
        var small = new ToyModel(12) { ContextLength = 2 };
        using KvCache full = small.NewCache();
        Assert.Throws<ContextOverflowException>(() => Forward(small, full, [1, 2, 3], [-1, 0, 1], 2));
        var rows = new Rows();
        cache.Clear();
        rows.Reset(cache);
        rows.Add(1, -1, logits: true);
        Assert.Throws<ArgumentException>(() => Toy.Forward([rows, rows]));
    }

    [Fact]
    public void A_forward_allocates_nothing()
    {
        var toy = new ToyModel(12);
        using KvCache cache = toy.NewCache();
        var rows = new Rows();
        long before = 0;
        for (int i = 0; i < 40; i++)
        {
            if (i == 30) before = GC.GetAllocatedBytesForCurrentThread();
            cache.Commit([]);
            rows.Reset(cache);
            for (int row = 0; row < 20; row++) rows.Add(row % 12, row - 1, logits: true);
            toy.Forward(new ReadOnlySpan<Rows>(in rows));
        }
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static float[] Forward(IModel model, KvCache cache, int[] tokens, int[] parents, int wanted)
    {
        var rows = new Rows();
        rows.Reset(cache);
        for (int i = 0; i < tokens.Length; i++) rows.Add(tokens[i], parents[i], logits: i == wanted);
        model.Forward([rows]);
        return rows.Logits(wanted).ToArray();
    }

    private static float[] Direct(ToyModel model, params ReadOnlySpan<int> prefix)
    {
        int[] newestFirst = prefix.ToArray();
        Array.Reverse(newestFirst);
        var logits = new float[model.Vocab];
        model.Logits(newestFirst, logits);
        return logits;
    }

    private static float Distance(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        float most = 0;
        for (int i = 0; i < a.Length; i++) most = Math.Max(most, Math.Abs(a[i] - b[i]));
        return most;
    }
}
