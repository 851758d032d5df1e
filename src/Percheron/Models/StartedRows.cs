namespace Percheron.Models;

/// <summary>
/// Rows that a view of a model's first layers has read over an overlay, so that the model goes on where the view stopped: their keys and values lie in the overlay, and the hidden
/// states that leave the view lie here.
/// </summary>
/// <remarks>Source: Elhoushi et al. 2024, "LayerSkip", §4.3.2 (one cache of keys and values, and the exit's queries).</remarks>
/// <param name="overlay">An overlay of the model's cache, of all committed rows.</param>
/// <param name="layer">Layers the view has: 0 to <paramref name="layer"/> − 1 of the model.</param>
public sealed class StartedRows(KvCache overlay, int layer)
{
    private float[] _states = [];
    private int _hidden;

    /// <summary>Where the keys and values are.</summary>
    public KvCache Overlay { get; } = overlay;

    /// <summary>The first layer that these rows have still to go through.</summary>
    public int Layer { get; } = layer;

    /// <summary>What the view must be asked for besides logits.</summary>
    public FeatureSet Features { get; } = new(layer);

    /// <summary>Rows of the overlay whose states are known: the first ones.</summary>
    public int Count { get; private set; }

    /// <summary>Forgets all rows: the overlay is about to be filled anew.</summary>
    public void Clear() => Count = 0;

    /// <summary>Takes the states of rows that the view has just answered, the next ones of the overlay.</summary>
    public void Keep(Rows rows)
    {
        if (rows.Cache != Overlay || rows.FirstScratch != Count) throw new ArgumentException("these are not the next rows of the overlay", nameof(rows));
        int state = rows.Features.IndexOf(Layer);
        for (int row = 0; row < rows.Count; row++, Count++)
        {
            ReadOnlySpan<float> leaving = rows.Feature(row, state);
            _hidden = leaving.Length;
            int need = (Count + 1) * _hidden;
            if (_states.Length < need) Array.Resize(ref _states, Math.Max(need, 2 * _states.Length));
            leaving.CopyTo(_states.AsSpan(Count * _hidden));
        }
    }

    /// <summary>The state that enters <see cref="Layer"/> at row <paramref name="row"/> of the overlay [HiddenSize].</summary>
    public ReadOnlySpan<float> State(int row)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Count);
        return _states.AsSpan(row * _hidden, _hidden);
    }
}
