using System.Numerics.Tensors;
using Percheron.Models;

namespace Percheron.Drafters;

/// <summary>How well a view says what a text says: one forward over its last tokens, read on top of what the target committed before them.</summary>
/// <param name="cache">The target's cache of the text.</param>
internal sealed class LayerTrial(KvCache cache) : IDisposable
{
    private readonly KvCache _overlay = cache.NewOverlay();
    private readonly Rows _rows = new();

    /// <summary>Share of the last tokens that are the view's most likely ones.</summary>
    /// <param name="view">A view of the target.</param>
    /// <param name="tokens">The text; the target has committed rows of all but the last.</param>
    /// <param name="window">How many; at most one less than there are.</param>
    public double Agreement(IModel view, ReadOnlySpan<int> tokens, int window)
    {
        int from = tokens.Length - 1 - window;
        _overlay.Reach = from;
        _rows.Reset(_overlay);
        for (int i = 0; i < window; i++) _rows.Add(tokens[from + i], i - 1, logits: true);
        view.Forward([_rows]);
        int agreed = 0;
        for (int i = 0; i < window; i++)
            if (TensorPrimitives.IndexOfMax(_rows.Logits(i)) == tokens[from + i + 1]) agreed++;
        _overlay.Commit([]);
        return (double)agreed / window;
    }

    public void Dispose() => _overlay.Dispose();
}
