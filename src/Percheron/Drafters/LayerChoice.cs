using Percheron.Models;

namespace Percheron.Drafters;

/// <summary>A set of attentions and feed-forward layers that a model drafts well without, found off line on a text.</summary>
/// <param name="Skip">Its name, as drafters take it: a3-m5 is the attention of layer 3 and the feed-forward layer of layer 5.</param>
/// <param name="Agreement">Share of the text that the model without them says.</param>
/// <param name="Even">The same for as many layers left out evenly.</param>
/// <param name="Tried">Sets that were tried.</param>
/// <remarks>Source: Draft &amp; Verify, arXiv 2309.08168 §3.2.</remarks>
public sealed record LayerChoice(string Skip, double Agreement, double Even, int Tried)
{
    // Drafts are short: each piece is read on top of the target's own rows, like a draft.
    private const int PieceTokens = 8, Pieces = 24, ChunkRows = 256;

    /// <summary>Searches.</summary>
    /// <param name="target">The model.</param>
    /// <param name="tokens">A text of the kind it will write, at least 16 tokens and within the context.</param>
    /// <param name="share">Share of the halves between the first and the last layer that are left out.</param>
    /// <param name="trials">Sets to try.</param>
    /// <param name="stop">Ends the search early, with what it has found.</param>
    /// <exception cref="ArgumentException">The text is too short or too long, or the share is none.</exception>
    public static LayerChoice Find(ILayeredModel target, ReadOnlySpan<int> tokens, double share, int trials, CancellationToken stop = default)
    {
        if (tokens.Length < 2 * PieceTokens || tokens.Length > target.ContextLength)
            throw new ArgumentException($"the text has {tokens.Length} tokens; {2 * PieceTokens} to {target.ContextLength} are needed", nameof(tokens));
        var search = new LayerSearch(target.LayerCount, share);
        IModel best = target.View(new ViewOptions { Switches = search.Best }), candidate = target.View(new ViewOptions { Switches = search.Candidate });
        using KvCache cache = target.NewCache();
        Read(target, cache, tokens);
        using var trial = new LayerTrial(cache);
        double even = Score(trial, best, tokens), score = even;
        for (int i = 0; i < trials && search.HasChoice && !stop.IsCancellationRequested; i++)
        {
            search.Propose();
            double other = Score(trial, candidate, tokens);
            search.Compare(score, other);
            score = Math.Max(score, other);
        }
        (best as IDisposable)?.Dispose();
        (candidate as IDisposable)?.Dispose();
        return new LayerChoice(search.Best.ToString(), score, even, search.Tried);
    }

    private static void Read(IModel target, KvCache cache, ReadOnlySpan<int> tokens)
    {
        Rows rows = new();
        while (cache.Length < tokens.Length - 1)
        {
            int count = Math.Min(ChunkRows, tokens.Length - 1 - cache.Length);
            rows.Reset(cache);
            for (int i = 0; i < count; i++) rows.Add(tokens[cache.Length + i], i - 1, logits: false);
            target.Forward([rows]);
            cache.Commit([.. Enumerable.Range(0, count)]);
        }
    }

    private static double Score(LayerTrial trial, IModel view, ReadOnlySpan<int> tokens)
    {
        double sum = 0;
        int pieces = Math.Min(Pieces, (tokens.Length - 1) / PieceTokens);
        for (int piece = 1; piece <= pieces; piece++) sum += trial.Agreement(view, tokens[..(1 + (int)((long)(tokens.Length - 1) * piece / pieces))], PieceTokens);
        return sum / pieces;
    }
}
