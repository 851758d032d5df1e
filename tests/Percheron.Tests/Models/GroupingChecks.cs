using System.Runtime.InteropServices;
using Percheron.Models;
using Xunit;

namespace Percheron.Tests.Models;

/// <summary>Ways of grouping the rows of a sequence, each of which must give the bits of one row at a time.</summary>
internal static class GroupingChecks
{
    /// <summary>Tokens of a sequence that is long enough for all groupings.</summary>
    public const int Length = 23;

    private const int Prefix = 9;

    /// <summary>Groups a sequence of <see cref="Length"/> tokens in every way.</summary>
    /// <param name="model">The model.</param>
    /// <param name="tokens">The sequence.</param>
    /// <param name="expected">Logits of each of its rows, evaluated alone.</param>
    public static void All(Transformer model, int[] tokens, float[][] expected)
    {
        foreach (int[] chunks in new int[][] { [1], [3], [7], [Length], [16, 1] }) Same(expected, ModelRunner.Sequence(model, tokens, chunks));
        Tree(model, tokens, expected);
        LevelByLevel(model, tokens, expected);
        Batch(model, tokens, expected);
        Preempted(model, tokens, expected);
        Views(model, tokens, expected);
    }

    /// <summary>Asserts equal bits.</summary>
    public static void Same(float[][] expected, float[][] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++) Same(expected[i], actual[i]);
    }

    /// <summary>A tree of the true continuation and of wrong siblings in one forward; then the path is committed and the sequence goes on.</summary>
    private static void Tree(Transformer model, int[] tokens, float[][] expected)
    {
        using KvCache cache = model.NewCache();
        ModelRunner.Sequence(model, cache, tokens.AsSpan(0, Prefix));
        Rows rows = new();
        rows.Reset(cache);
        List<int> path = [], siblings = [];
        for (int t = Prefix, parent = -1; t < Prefix + 6; t++)
        {
            int sibling = rows.Add((tokens[t] + 1) % model.Vocab, parent, logits: true);
            if (siblings.Count > 1) rows.Add(3, siblings[^1], logits: t % 2 == 0);
            siblings.Add(sibling);
            path.Add(parent = rows.Add(tokens[t], parent, logits: true));
        }
        model.Forward([rows]);
        for (int i = 0; i < path.Count; i++)
        {
            Same(expected[Prefix + i], rows.Logits(path[i]));
            int[] other = [.. tokens[..(Prefix + i)], (tokens[Prefix + i] + 1) % model.Vocab];
            if (i == 3) Same(ModelRunner.Sequence(model, other, 1)[^1], rows.Logits(siblings[i]));
        }
        cache.Commit([.. path]);
        Same(expected[(Prefix + path.Count)..], ModelRunner.Sequence(model, cache, tokens.AsSpan(Prefix + path.Count), 2));
    }

    /// <summary>A tree that grows by one forward per level, as a draft model's does.</summary>
    private static void LevelByLevel(Transformer model, int[] tokens, float[][] expected)
    {
        using KvCache cache = model.NewCache();
        ModelRunner.Sequence(model, cache, tokens.AsSpan(0, Prefix));
        Rows rows = new();
        List<int> path = [];
        for (int t = Prefix, parent = -1; t < Prefix + 5; t++)
        {
            rows.Reset(cache);
            rows.Add((tokens[t] + 2) % model.Vocab, parent, logits: true);
            path.Add(parent = rows.Add(tokens[t], parent, logits: true));
            model.Forward([rows]);
            Same(expected[t], rows.Logits(1));
        }
        cache.Commit([.. path]);
        Same(expected[Prefix + 5], ModelRunner.Sequence(model, cache, [tokens[Prefix + 5]])[0]);
        cache.Truncate(Prefix);
        Same(expected[Prefix..], ModelRunner.Sequence(model, cache, tokens.AsSpan(Prefix)));
    }

    /// <summary>Sequences of different lengths side by side, some of their rows without logits.</summary>
    private static void Batch(Transformer model, int[] tokens, float[][] expected)
    {
        const int sequences = 4;
        KvCache[] caches = new KvCache[sequences];
        Rows[] batch = new Rows[sequences];
        for (int s = 0; s < sequences; s++)
        {
            caches[s] = model.NewCache();
            if (s > 0) ModelRunner.Sequence(model, caches[s], tokens.AsSpan(0, 4 * s));
            batch[s] = new Rows();
            batch[s].Reset(caches[s]);
            for (int i = 0; i <= s; i++) batch[s].Add(tokens[4 * s + i], i - 1, logits: i == s || s == 2);
        }
        model.Forward(batch);
        for (int s = 0; s < sequences; s++)
        {
            for (int i = 0; i <= s; i++)
                if (batch[s].WantsLogits(i)) Same(expected[4 * s + i], batch[s].Logits(i));
            caches[s].Commit([.. Enumerable.Range(0, s + 1)]);
            Same(expected[5 * s + 1], ModelRunner.Sequence(model, caches[s], [tokens[5 * s + 1]])[0]);
            caches[s].Dispose();
        }
    }

    private static void Preempted(Transformer model, int[] tokens, float[][] expected)
    {
        using KvCache cache = model.NewCache();
        ModelRunner.Sequence(model, cache, tokens.AsSpan(0, 15), 4);
        cache.Clear();
        Same(expected, ModelRunner.Sequence(model, cache, tokens, 11));
    }

    /// <summary>A view with all layers is the model, over caches of its own and over an overlay of the model's.</summary>
    private static void Views(Transformer model, int[] tokens, float[][] expected)
    {
        using ModelView view = model.View([.. Enumerable.Range(0, model.LayerCount)]);
        Same(expected, ModelRunner.Sequence(view, tokens, 5));
        using KvCache cache = model.NewCache();
        using KvCache overlay = cache.NewOverlay();
        Rows rows = new();
        ModelRunner.Sequence(model, cache, tokens.AsSpan(0, Prefix));
        for (int round = 0; round < 2; round++)
        {
            rows.Reset(overlay);
            for (int i = 0; i < 4; i++) rows.Add(tokens[cache.Length + i], i - 1, logits: true);
            view.Forward([rows]);
            for (int i = 0; i < 4; i++) Same(expected[cache.Length + i], rows.Logits(i));
            overlay.Commit([]);
            Same(expected[cache.Length], ModelRunner.Sequence(model, cache, [tokens[cache.Length]])[0]);
        }
    }

    /// <inheritdoc cref="Same(float[][], float[][])"/>
    public static void Same(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        if (!MemoryMarshal.Cast<float, int>(expected).SequenceEqual(MemoryMarshal.Cast<float, int>(actual)))
            Assert.Fail($"bits differ: {string.Join(" ", expected[..8].ToArray())} and {string.Join(" ", actual[..8].ToArray())} …");
    }
}
