namespace Percheron.Models.Heads;

/// <summary>A target that is left early: its first layers over an overlay of the target's cache, then an exit over a cache of its own. As a model it reads tokens and answers as the exit does.</summary>
/// <param name="view">The target's first layers, as many as the exit wants.</param>
/// <param name="exit">What stands at the exit.</param>
internal sealed class ExitView(IModel view, IExit exit) : IModel
{
    // An exit was trained on the target's own states, so where the target is guided it drafts from the half with the condition.
    private readonly IModel _view = view is GuidedModel pair ? pair.Model : view;

    private Rows[] _lower = [], _upper = [];

    /// <inheritdoc/>
    public int Vocab => exit.Vocab;

    /// <inheritdoc/>
    public int HiddenSize => _view.HiddenSize;

    /// <inheritdoc/>
    public int LayerCount => _view.LayerCount;

    /// <inheritdoc/>
    public int ContextLength => Math.Min(_view.ContextLength, exit.ContextLength);

    /// <summary>An empty cache of this view alone, which reads nothing of a target: enough to measure what forwards take.</summary>
    public KvCache NewCache() => new ExitCache(_view.NewCache(), exit);

    /// <summary>An empty cache beside one of the target; the caller disposes it.</summary>
    public ExitCache NewCache(KvCache target) => new((target is GuidedCache pair ? pair.With : target).NewOverlay(), exit);

    /// <inheritdoc/>
    public void Forward(ReadOnlySpan<Rows> batch)
    {
        if (_lower.Length < batch.Length) (_lower, _upper) = (new Rows[2 * batch.Length], new Rows[2 * batch.Length]);
        for (int i = 0; i < batch.Length; i++)
        {
            (ExitCache cache, Rows rows) = ((ExitCache)batch[i].Cache, batch[i]);
            (_lower[i], _upper[i]) = (cache.Lower, cache.Upper);
            _lower[i].Reset(cache.Overlay, cache.Started.Features);
            for (int row = 0; row < rows.Count; row++) _lower[i].Add(rows.Tokens[row], rows.Parents[row], logits: false);
        }
        _view.Forward(_lower.AsSpan(0, batch.Length));
        for (int i = 0; i < batch.Length; i++) ((ExitCache)batch[i].Cache).FillUpper(batch[i]);
        exit.Forward(_upper.AsSpan(0, batch.Length));
        for (int i = 0; i < batch.Length; i++) Answer(batch[i]);
        Array.Clear(_lower, 0, batch.Length);
        Array.Clear(_upper, 0, batch.Length);
    }

    private void Answer(Rows rows)
    {
        Rows upper = ((ExitCache)rows.Cache).Upper;
        rows.PrepareOutputs(Vocab, HiddenSize);
        for (int row = 0; row < rows.Count; row++)
            if (rows.WantsLogits(row)) upper.Logits(upper.Count - rows.Count + row).CopyTo(rows.LogitBuffer(row));
    }
}
