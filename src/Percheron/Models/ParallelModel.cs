using Percheron.Formats;

namespace Percheron.Models;

/// <summary>
/// A draft model that was trained to guess several tokens at once: behind the last token stand copies of one mask, whose answers are the guesses for the tokens behind the next one.
/// </summary>
/// <remarks>
/// Rows that follow an answered row of an earlier forward are not evaluated: the guess for their place answers them, whatever their token is. They are not kept, but read again once they are
/// committed. Source: PARD, arXiv 2504.18583.
/// </remarks>
public sealed class ParallelModel : IModel
{
    // The only extra embedding.
    private const int Mask = 0;
    private const int Most = 64;

    private readonly IModel _model;
    private Rows[] _rows = [];

    /// <param name="model">The draft model, whose first extra embedding is the mask; the caller keeps owning it.</param>
    /// <param name="depth">Tokens guessed at once, 1 to 64; with 1 it is an ordinary draft model.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many.</exception>
    public ParallelModel(IModel model, int depth)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(depth, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(depth, Most);
        (_model, MaxDepth) = (model, depth);
    }

    /// <summary>Makes one of a model, with the mask and the number of guesses that its file holds.</summary>
    /// <param name="file">Where the model lies.</param>
    /// <param name="model">The model; the caller keeps owning it. Its extra embeddings become the mask.</param>
    /// <exception cref="ModelFormatException">The model was not trained for this, or what the file says of it makes no sense.</exception>
    public static ParallelModel Load(GgufFile file, Transformer model)
    {
        const string Key = "pard.depth";
        int depth = file.GetInt32(Key, 0);
        if (depth is < 1 or > Most) throw file.Fault(Key, depth == 0 ? "the file does not say how many tokens the model guesses at once (pard.depth): it is no parallel draft; use it as an ordinary draft model" : $"pard.depth: {depth} should be 1 to {Most}");
        float[] mask = new float[model.HiddenSize];
        if (file.TryGetTensor("mask_embd.weight", out TensorInfo? own))
        {
            if (own.Elements != mask.Length) throw file.Fault(own, $"tensor '{own.Name}' has {own.Elements} values where {mask.Length} are needed");
            file.ReadFloats(own).CopyTo(mask, 0);
        }
        else
        {
            int token = file.GetInt32("pard.mask_token_id");
            if ((uint)token >= (uint)model.Vocab) throw file.Fault("pard.mask_token_id", $"pard.mask_token_id: there is no token {token}");
            model.ReadEmbedding(token, mask);
        }
        model.SetExtraEmbeddings(mask);
        return new ParallelModel(model, depth);
    }

    /// <summary>Tokens in a row behind the root that it can guess.</summary>
    public int MaxDepth { get; }

    /// <inheritdoc/>
    public int Vocab => _model.Vocab;

    /// <inheritdoc/>
    public int HiddenSize => _model.HiddenSize;

    /// <inheritdoc/>
    public int LayerCount => _model.LayerCount;

    /// <summary>Positions of a cache; the masks need room behind them.</summary>
    public int ContextLength => Math.Max(0, _model.ContextLength - MaxDepth);

    /// <summary>0: the masks have answered already.</summary>
    public double LevelCost => 0;

    /// <inheritdoc/>
    public KvCache NewCache() => new ParallelCache(_model.NewCache());

    /// <inheritdoc/>
    public void Forward(ReadOnlySpan<Rows> batch)
    {
        if (_rows.Length < batch.Length) _rows = new Rows[2 * batch.Length];
        int count = 0;
        foreach (Rows rows in batch)
        {
            if (rows.Cache is not ParallelCache cache) throw new ArgumentException("the cache is not of this model", nameof(batch));
            if (Ask(rows, cache) is { Count: > 0 } asked) _rows[count++] = asked;
        }
        if (count > 0) _model.Forward(_rows.AsSpan(0, count));
        Array.Clear(_rows, 0, count);
        foreach (Rows rows in batch) Answer(rows, (ParallelCache)rows.Cache);
    }

    // First all rows, so that a path lies in one piece, then the masks of those that are to be answered.
    private Rows? Ask(Rows rows, ParallelCache cache)
    {
        Rows? asked = null;
        for (int row = 0; row < rows.Count; row++)
        {
            int scratch = cache.AppendRow(rows.Parents[row], rows.FirstScratch);
            if (cache.IsGuess(scratch)) continue;
            asked ??= cache.NextRows();
            int parent = rows.Parents[row] < 0 ? -1 : cache.Inner(rows.Parents[row]);
            cache.Read(scratch, asked.Add(rows.Tokens[row], parent, rows.WantsLogits(row)));
        }
        for (int row = 0; asked is not null && row < rows.Count; row++)
        {
            int scratch = rows.FirstScratch + row;
            if (!rows.WantsLogits(row) || cache.IsGuess(scratch)) continue;
            int last = cache.Inner(scratch);
            // One row always has room for its masks (ContextLength); what many rows near the end have none for is answered without.
            bool room = asked.Cache.Length + asked.FirstScratch + asked.Count + MaxDepth - 1 <= _model.ContextLength;
            cache.Answered(scratch, asked, room ? asked.Count : -1);
            for (int k = 1; room && k < MaxDepth; k++) last = asked.AddExtra(Mask, last, logits: true);
        }
        return asked;
    }

    private void Answer(Rows rows, ParallelCache cache)
    {
        rows.PrepareOutputs(Vocab, HiddenSize);
        for (int row = 0; row < rows.Count; row++)
        {
            for (int k = 0; k < rows.Features.Count; k++) rows.FeatureBuffer(row, k).Clear();
            if (rows.WantsLogits(row)) cache.Logits(rows.FirstScratch + row, MaxDepth - 1).CopyTo(rows.LogitBuffer(row));
        }
    }
}
