namespace Percheron.Models;

/// <summary>A model that can lend views of itself: the same weights with fewer layers, which self-drafting methods draft with.</summary>
public interface ILayeredModel : IModel
{
    /// <summary>
    /// A model that runs only <paramref name="layers"/> of this one, in the order given. It shares the weights, and it reads committed rows of this
    /// model's caches through <see cref="KvCache.NewOverlay()"/>.
    /// </summary>
    /// <param name="layers">Strictly ascending layer numbers in [0, LayerCount).</param>
    IModel View(ReadOnlySpan<int> layers);

    /// <summary>A model like this one but for what the options say; its overlays are made from caches of this model, too.</summary>
    /// <exception cref="ArgumentException">The options do not fit the model.</exception>
    IModel View(ViewOptions options);
}
