namespace Percheron.Models;

/// <summary>Copies the rows of a model's output that belong to some tokens, so that a view computes no other logits. Each stays the reduction it was, so its bits do.</summary>
/// <param name="tokens">Ascending.</param>
internal sealed unsafe class KeptOutputs(int[] tokens)
{
    /// <summary>The tokens of a view, checked.</summary>
    /// <exception cref="ArgumentException">There are none, they do not ascend, or they are not in the vocabulary.</exception>
    public static int[] Checked(IReadOnlyList<int> tokens, int vocab)
    {
        if (tokens.Count == 0) throw new ArgumentException("a view has at least one token", nameof(tokens));
        for (int i = 0; i < tokens.Count; i++)
            if (tokens[i] < (i == 0 ? 0 : tokens[i - 1] + 1) || tokens[i] >= vocab) throw new ArgumentException($"tokens of a view ascend within 0…{vocab - 1}", nameof(tokens));
        return [.. tokens];
    }

    /// <summary>The weights with an output of these tokens only, row i that of token i, as it is stored: <see cref="Pack"/> it before it is multiplied.</summary>
    public TransformerWeights Of(TransformerWeights weights)
    {
        (WeightMatrix matrix, WeightVector? bias) = weights.Output;
        NativeBuffer rows = new();
        long rowBytes = matrix.Bytes / matrix.Outputs;
        rows.Replace(tokens.Length * rowBytes);
        for (int i = 0; i < tokens.Length; i++) new ReadOnlySpan<byte>(matrix.Stored(tokens[i]), (int)rowBytes).CopyTo(new Span<byte>(rows.Pointer + (i * rowBytes), (int)rowBytes));
        WeightMatrix kept = new(matrix.Type, rows.Pointer, tokens.Length, matrix.Inputs, rowBytes);
        // Types without a packed form are multiplied where they lie.
        kept.Use(rows, null);
        WeightVector? biases = bias is null ? null : new WeightVector([.. tokens.Select(token => bias.Values[token])]);
        return weights with { Output = new Projection(kept, biases), ConvertedFrom = weights.Family };
    }

    /// <summary>Packs the output, if its type has a packed form and it is not packed yet.</summary>
    public static TransformerWeights Pack(TransformerWeights weights)
    {
        WeightMatrix matrix = weights.Output.Matrix;
        long bytes = matrix.PackedBytes(matrix.Outputs);
        if (bytes == 0 || matrix.IsPacked) return weights;
        NativeBuffer packed = NativeBuffer.ForStreaming(bytes);
        matrix.Pack(packed.Pointer, 0, matrix.Outputs);
        matrix.Use(packed, packed.Pointer);
        return weights;
    }
}
