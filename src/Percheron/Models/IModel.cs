namespace Percheron.Models;

/// <summary>
/// Anything autoregressive: a transformer, a view of one with fewer layers, a toy. It sees rows with parents over caches and
/// nothing else: no trees, sequences, sampling or drafts.
/// </summary>
/// <remarks>
/// The outputs of a row are a function of its own input and of its ancestors only: bit-identical whether the row was evaluated alone,
/// in a chain, in a tree, in a batch, in a prompt chunk, by one thread or many.
/// </remarks>
public interface IModel
{
    /// <summary>Number of tokens, and the length of every row of logits.</summary>
    int Vocab { get; }

    /// <summary>Number of floats of one hidden state.</summary>
    int HiddenSize { get; }

    /// <summary>Number of layers; hidden states are named 0…LayerCount + 1 (<see cref="FeatureSet"/>).</summary>
    int LayerCount { get; }

    /// <summary>Largest number of positions one cache may hold, scratch rows included.</summary>
    int ContextLength { get; }

    /// <summary>
    /// What it takes to answer rows that continue an answered row of an earlier forward, as a share of that forward: 1 where each is a forward like it, 0 where it has made these answers, too. Who drafts
    /// with the model is to know what one level more costs.
    /// </summary>
    double LevelCost => 1;

    /// <summary>An empty cache of this model; the caller disposes it.</summary>
    KvCache NewCache();

    /// <summary>
    /// Appends every row to its cache as a scratch row, in order, and fills the outputs each <see cref="Rows"/> asks for.
    /// A cache may occur in one item of the batch only.
    /// </summary>
    /// <exception cref="ArgumentException">A cache that is not of this model, or a token, parent or hidden state out of range.</exception>
    /// <exception cref="ContextOverflowException">A row lies beyond <see cref="ContextLength"/>.</exception>
    void Forward(ReadOnlySpan<Rows> batch);
}
