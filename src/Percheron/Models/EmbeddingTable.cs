using System.Numerics.Tensors;

namespace Percheron.Models;

/// <summary>What a row starts from: a token's embedding or an extra one, plus the learned position where the model has positions.</summary>
internal sealed class EmbeddingTable(TransformerWeights weights)
{
    private float[] _extras = [];

    /// <summary>Number of extra embeddings.</summary>
    public int ExtraCount => _extras.Length / weights.Config.HiddenSize;

    /// <summary>Replaces the extra embeddings, [count, HiddenSize], copied.</summary>
    /// <exception cref="ArgumentException">The length is not a multiple of HiddenSize.</exception>
    public void SetExtras(ReadOnlySpan<float> embeddings)
    {
        if (embeddings.Length % weights.Config.HiddenSize != 0)
            throw new ArgumentException($"{embeddings.Length} floats are not a whole number of embeddings of {weights.Config.HiddenSize}", nameof(embeddings));
        _extras = embeddings.ToArray();
    }

    /// <summary>Adds extra embeddings, [count, HiddenSize], copied; returns the number of the first.</summary>
    /// <exception cref="ArgumentException">The length is not a multiple of HiddenSize.</exception>
    public int AddExtras(ReadOnlySpan<float> embeddings)
    {
        int first = ExtraCount;
        SetExtras([.. _extras, .. embeddings]);
        return first;
    }

    /// <summary>Writes the input of a row [HiddenSize].</summary>
    /// <param name="entry">The row; it starts at layer 0.</param>
    /// <param name="target">[HiddenSize].</param>
    /// <param name="scratch">[HiddenSize]; overwritten.</param>
    public void Read(in RowEntry entry, Span<float> target, Span<float> scratch)
    {
        int hidden = weights.Config.HiddenSize, extra = entry.Owner.Extras[entry.Row];
        if (extra >= 0) _extras.AsSpan(extra * hidden, hidden).CopyTo(target);
        else weights.Embedding.ReadRow(entry.Owner.Tokens[entry.Row], target);
        if (weights.Positions is not { } positions) return;
        positions.ReadRow(entry.Position, scratch);
        TensorPrimitives.Add(target, scratch, target);
    }
}
