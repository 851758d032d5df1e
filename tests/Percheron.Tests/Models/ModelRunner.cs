using Percheron.Models;

namespace Percheron.Tests.Models;

/// <summary>The simplest ways of running a model, for tests that compare them.</summary>
internal static class ModelRunner
{
    /// <summary>Logits of every token of a sequence, evaluated in chunks of the given sizes (the last size repeats) that are committed one after the other.</summary>
    public static float[][] Sequence(IModel model, ReadOnlySpan<int> tokens, params int[] chunks)
    {
        using KvCache cache = model.NewCache();
        return Sequence(model, cache, tokens, chunks);
    }

    /// <summary>As above, over a cache that the sequence continues.</summary>
    public static float[][] Sequence(IModel model, KvCache cache, ReadOnlySpan<int> tokens, params int[] chunks)
    {
        List<float[]> logits = [];
        Rows rows = new();
        for (int at = 0, chunk = 0; at < tokens.Length; chunk++)
        {
            int count = chunks.Length == 0 ? tokens.Length : Math.Min(chunks[Math.Min(chunk, chunks.Length - 1)], tokens.Length - at);
            rows.Reset(cache);
            for (int i = 0; i < count; i++) rows.Add(tokens[at + i], i - 1, logits: true);
            model.Forward([rows]);
            for (int i = 0; i < count; i++) logits.Add(rows.Logits(i).ToArray());
            cache.Commit([.. Enumerable.Range(0, count)]);
            at += count;
        }
        return [.. logits];
    }

    /// <summary>Prompt, then <paramref name="count"/> tokens of greatest logit, one per forward; also the logits each was chosen from.</summary>
    public static (int[] Tokens, float[][] Logits) Greedy(IModel model, ReadOnlySpan<int> prompt, int count)
    {
        using KvCache cache = model.NewCache();
        float[] last = Sequence(model, cache, prompt)[^1];
        int[] tokens = new int[count];
        float[][] logits = new float[count][];
        for (int i = 0; i < count; i++)
        {
            logits[i] = last;
            tokens[i] = Array.IndexOf(last, last.Max());
            if (i + 1 < count) last = Sequence(model, cache, [tokens[i]])[0];
        }
        return (tokens, logits);
    }

    /// <summary>Some tokens of a vocabulary, always the same.</summary>
    public static int[] Tokens(int count, int vocab, int seed = 7)
    {
        Random random = new(seed);
        int[] tokens = new int[count];
        for (int i = 0; i < count; i++) tokens[i] = random.Next(vocab);
        return tokens;
    }
}
