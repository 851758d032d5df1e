using System.Numerics.Tensors;

namespace Percheron.Models;

/// <summary>
/// Classifier-free guidance as one model: every row is asked twice, with its condition and without, and the logits are u + scale · (c − u). What is sampled, drafted and verified is that law, so guidance is a
/// property of the target and nothing else knows of it.
/// </summary>
/// <remarks>
/// <para>The half without the condition reads the same rows with some tokens replaced. Both halves are one batch of the model below, and the sum is made for each logit by itself: bits depend on grouping as little as the model's
/// do. A cache is a pair of caches. Hidden states are those of the half with the condition.</para>
/// <para>Views of it are guided pairs of views, so that self-drafting methods draft with the law they are verified by. Rows that a view has begun are read anew, since only one half of their states is known; rows that
/// begin with a hidden state are refused for the same reason. What was trained on the model's states, such as heads and exits, drafts from the half with the condition. Source: Ho and Salimans, classifier-free diffusion guidance, arXiv 2207.12598; for tokens: LlamaGen, arXiv 2406.06525 §2.2.</para>
/// </remarks>
public sealed class GuidedModel : ILayeredModel
{
    private readonly IModel _model;
    private readonly int[] _without;
    private readonly float _scale;
    private readonly List<Rows> _rows = [];
    private Rows[] _batch = [];

    /// <param name="model">The model that answers both halves; the caller keeps owning it.</param>
    /// <param name="without">What the half without the condition reads in place of each token [vocab]; copied. A token of the continuation stands for itself.</param>
    /// <param name="scale">0 is the law without the condition, 1 the model's own (do not wrap it for that: <see cref="Of"/>), above 1 the condition counts for more than it would.</param>
    /// <exception cref="ArgumentException">The table is not one of the model's tokens, or the scale is negative or no number.</exception>
    public GuidedModel(ILayeredModel model, ReadOnlySpan<int> without, float scale)
        : this(without.ToArray(), scale, model)
    {
        if (without.Length != model.Vocab) throw new ArgumentException($"the table has {without.Length} tokens and the model {model.Vocab}", nameof(without));
        foreach (int token in without)
            if ((uint)token >= (uint)model.Vocab) throw new ArgumentException($"the model has no token {token}", nameof(without));
        if (!float.IsFinite(scale) || scale < 0) throw new ArgumentException($"a guidance scale of {scale} is not possible: it is 0 or more, and 1 is no guidance", nameof(scale));
    }

    private GuidedModel(int[] without, float scale, IModel model) => (_model, _without, _scale) = (model, without, scale);

    /// <summary>The model with guidance, or the model itself where the scale is 1.</summary>
    /// <inheritdoc cref="GuidedModel(ILayeredModel, ReadOnlySpan{int}, float)"/>
    public static ILayeredModel Of(ILayeredModel model, ReadOnlySpan<int> without, float scale) => scale == 1 ? model : new GuidedModel(model, without, scale);

    /// <summary>The model that answers both halves.</summary>
    internal IModel Model => _model;

    /// <inheritdoc/>
    public int Vocab => _model.Vocab;

    /// <inheritdoc/>
    public int HiddenSize => _model.HiddenSize;

    /// <inheritdoc/>
    public int LayerCount => _model.LayerCount;

    /// <inheritdoc/>
    public int ContextLength => _model.ContextLength;

    /// <inheritdoc/>
    public double LevelCost => _model.LevelCost;

    /// <inheritdoc/>
    public KvCache NewCache() => new GuidedCache(_model.NewCache(), _model.NewCache());

    /// <inheritdoc/>
    public IModel View(ReadOnlySpan<int> layers) => new GuidedModel(_without, _scale, Layered.View(layers));

    /// <inheritdoc/>
    public IModel View(ViewOptions options) => new GuidedModel(_without, _scale, Layered.View(options));

    /// <inheritdoc/>
    public void Forward(ReadOnlySpan<Rows> batch)
    {
        if (_batch.Length < 2 * batch.Length) _batch = new Rows[4 * batch.Length];
        while (_rows.Count < 2 * batch.Length) _rows.Add(new Rows());
        for (int i = 0; i < batch.Length; i++) Ask(batch[i], _batch[2 * i] = _rows[2 * i], _batch[(2 * i) + 1] = _rows[(2 * i) + 1]);
        _model.Forward(_batch.AsSpan(0, 2 * batch.Length));
        for (int i = 0; i < batch.Length; i++) Answer(batch[i], _rows[2 * i], _rows[(2 * i) + 1]);
        Array.Clear(_batch, 0, 2 * batch.Length);
    }

    private void Ask(Rows rows, Rows with, Rows without)
    {
        if (rows.Cache is not GuidedCache cache) throw new ArgumentException("the cache is not of this model", nameof(rows));
        if (cache.ScratchCount != rows.FirstScratch) throw new ArgumentException("the cache has changed since the rows were begun", nameof(rows));
        cache.Match();
        with.Reset(cache.With, rows.Features);
        without.Reset(cache.Without);
        for (int row = 0; row < rows.Count; row++)
        {
            int parent = rows.Parents[row], token = rows.Tokens[row], extra = rows.Extras[row], position = rows.Positions[row];
            bool logits = rows.WantsLogits(row);
            if (extra >= 0)
            {
                with.AddExtra(extra, parent, logits);
                without.AddExtra(extra, parent, logits);
                continue;
            }
            if (token < 0) throw new ArgumentException("a guided pair reads tokens: a hidden state is that of one half only", nameof(rows));
            if (token >= _without.Length) throw new ArgumentException($"token {token} is not one of the {_without.Length} of the model", nameof(rows));
            with.AddAt(token, position, parent, logits);
            without.AddAt(_without[token], position, parent, logits);
        }
    }

    private ILayeredModel Layered => _model as ILayeredModel ?? throw new InvalidOperationException("a view of a guided pair has no views");

    private void Answer(Rows rows, Rows with, Rows without)
    {
        rows.PrepareOutputs(Vocab, HiddenSize);
        for (int row = 0; row < rows.Count; row++)
        {
            rows.Cache.Place(rows.Parents[row], rows.Positions[row]);
            for (int k = 0; k < rows.Features.Count; k++) with.Feature(row, k).CopyTo(rows.FeatureBuffer(row, k));
            if (!rows.WantsLogits(row)) continue;
            Span<float> logits = rows.LogitBuffer(row);
            ReadOnlySpan<float> other = without.Logits(row);
            TensorPrimitives.Subtract(with.Logits(row), other, logits);
            // A product and a sum, each rounded: never one fused operation, whatever the machine has.
            TensorPrimitives.Multiply(logits, _scale, logits);
            TensorPrimitives.Add(logits, other, logits);
        }
    }
}
